/** Tabs that an address names: `#case-files` opens that tab. */
import Tab from 'bootstrap/js/src/tab.js';

/** Open the tab that the address names. */
export function startTabs() {
  const button = document.getElementById(`${location.hash.slice(1)}-button`);
  if (button?.dataset.bsToggle === 'tab') Tab.getOrCreateInstance(button).show();
}
