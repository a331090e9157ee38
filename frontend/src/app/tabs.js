/** Tabs that an address names: `#case-files` opens that tab, and the open tab is scrolled into sight. */
import Tab from 'bootstrap/js/src/tab.js';

/** Open the tab that the address names, now and whenever a tab is shown keep it in sight. */
export function startTabs() {
  document.addEventListener('shown.bs.tab', (event) => keepInSight(event.target));
  const button = document.getElementById(`${location.hash.slice(1)}-button`);
  if (button?.dataset.bsToggle === 'tab') Tab.getOrCreateInstance(button).show();
}

function keepInSight(button) {
  button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
