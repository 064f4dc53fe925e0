/** Somebody who may sign in to the CAD. */
export interface Account {
  readonly uuid: string;
  readonly username: string;
  communityUserId?: string;
  /** 0 pending, 1 validated, 2 expired, 3 removed, 4 banned. */
  readonly status: number;
  readonly joined?: string;
  readonly lastLogin?: string;
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly roblox?: number;
  readonly discord?: string;
}
