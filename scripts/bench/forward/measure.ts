import {
  eventsPerSecond,
  eventsPerSecondWithErrors,
  measureAccepting,
  measureOutage,
  type Sender,
} from './measurements.ts';

/** What one process measures. */
export type MeasurementOrders =
  | { readonly what: 'rate'; readonly sender: Sender; readonly targets: number }
  | { readonly what: 'errors' }
  | { readonly what: 'outage'; readonly sender: Sender; readonly events: number }
  | { readonly what: 'accepting' };

function measure(orders: MeasurementOrders): Promise<unknown> {
  switch (orders.what) {
    case 'rate':
      return eventsPerSecond(orders.sender, orders.targets);
    case 'errors':
      return eventsPerSecondWithErrors();
    case 'outage':
      return measureOutage(orders.sender, orders.events);
    case 'accepting':
      return measureAccepting();
  }
}

// Always a process of its own, begun by `bench-forward.ts`: heaps and compiled code of one measurement are none of the next.
process.send?.({ result: await measure(JSON.parse(process.argv[2] ?? '') as MeasurementOrders) });
process.exit();
