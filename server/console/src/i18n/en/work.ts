// Bulk actions, saved views, hazard notices, duplicate hints.
export const bulk = {
  title: 'Bulk actions',
  chosen: '{{count}} chosen',
  best: 'Each to its best ({{count}})',
  person: 'All to one person… ({{count}})',
  cancel: 'Cancel… ({{count}})',
  clear: 'Clear the choice',
  title_best: 'Each to its best: {{count}} orders',
  title_person: 'All to one person: {{count}} orders',
  title_cancel: 'Cancel {{count}} orders',
  best_note:
    'One after the other goes to the best person by distance; the workload is counted anew for each. An order without a fitting person stays, with the reason.',
  go_best: 'Dispatch',
  go_person: 'Dispatch',
  go_cancel: 'Cancel the orders',
  stop: 'Stop the rest',
  progress: '{{done}} done, {{failed}} not done, {{left}} to go',
  not_allowed: 'not possible in this state, skipped',
  not_tried: 'stopped, not tried',
  cancelled: 'cancelled',
  choose: 'Choose order {{number}}',
};

export const views = {
  title: 'Views',
  save: 'Save these filters as a view',
  name: 'Name of the view, e.g. "Faults north"',
  none: 'No saved view yet. Choose state and filters, then give them a name.',
  remove: 'Remove view {{name}}',
  removed: '{{name}} removed',
  note: 'Views belong to your account. Typed search text is never saved: it may be about a customer.',
};

export const hazard = {
  on: 'Turn on hazard notices (sound and desktop)',
  off: 'Turn off hazard notices',
  arrived: 'New hazard order',
  look: 'Look',
  seen: 'Noted',
  seen_all: 'All noted',
  sound: 'Dianma: new hazard order',
  on_done: 'Hazard notices are on: a new hazard order rings and stays on top until you note it.',
  on_blocked:
    'Notices are on, but the browser refuses desktop notices: sound and the bar on top still work; allow notices for this site in the browser.',
};

export const duplicates = {
  title: 'Perhaps the same matter',
  same_customer: 'Same customer',
  same_area: 'Same area · within {{hours}} h',
  note: 'Look before you dispatch: cancel the duplicate and say which order it belongs to.',
  more: 'More in this area: see the list',
};
