/**
 * Keys of the official resource's config.json that this resource has no use for. Old files are full of them, so they
 * are accepted in silence; a name that gets an entry in `configKeys` counts as that, whether or not it stands here.
 */
export const officialKeysWithoutUse: readonly string[] = [
  'postTime',
  'linkPollIntervalMs',
  'linkPopupTitleText',
  'linkButtonText',
  'requireLink',
  'autoOpenLinkPopup',
  'freezeUntilLinked',
  'allowPopupCloseWhenUnlinked',
  'updateBranch',
  'allowAutoUpdate',
  'autoUpdateUrl',
  'allowUpdateWithPlayers',
  'noUnitTimer',
  'enableCanary',
  'devHiddenSwitch',
];
