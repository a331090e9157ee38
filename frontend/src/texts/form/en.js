/** form-js's own texts in English; the server's validator has the same messages. */

/** By the library's text. */
export const wordings = {
  Search: 'Search',
  Select: 'Please select',
  'No results': 'No results',
  'All values selected': 'Everything is selected',
  'Remove tag': 'Remove',
  'Skip to search': 'Skip to search',
  'Add new': 'Add another',
  Collapse: 'Collapse',
  Increment: 'Increase',
  Decrement: 'Decrease',
  'Nothing to show.': 'Nothing to show',
  'Previous page': 'Previous page',
  'Next page': 'Next page',
  'Use 24h': '24 hours',
  'Powered by bpmn.io': 'Powered by bpmn.io',
  'mm/dd/yyyy': 'yyyy/mm/dd',
  'yyyy/mm/dd': 'yyyy/mm/dd',
  'hh:mm': 'hh:mm',
  'hh:mm ?m': 'hh:mm',
  'Field is required.': 'This field is required',
  'Value is not a number.': 'Please enter a number',
  'Field must be a valid email.': 'Please enter a valid e-mail address',
  'Field must be a valid  international phone number. (e.g. +4930664040900)': 'Please enter a valid phone number',
  'Min validation value is not a valid number.': 'The smallest value of this form is set wrongly; please tell the process manager',
  'Max validation value is not a valid number.': 'The largest value of this form is set wrongly; please tell the process manager',
  'Value is expected to be an integer.': 'Please enter a whole number',
  'Date and time must both be entered.': 'Enter both date and time',
};

/** Texts with values, by the name that `form/wordings.js` gives their pattern. */
export const patterns = {
  minLength: 'Enter at least $1 characters',
  maxLength: 'Enter at most $1 characters',
  min: 'Must be at least $1',
  max: 'Must be at most $1',
  pattern: 'Wrong format',
  decimalDigits: 'Use at most $1 decimal places',
  increment: 'Please enter a valid number; the nearest are $1 and $2',
  expandAll: 'Show all ($1)',
  removeItem: 'Remove item $1',
  download: 'Download $1',
};
