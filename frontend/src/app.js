/** Entry of every page: the look, htmx, the behaviour that needs no island, and the start of the islands. */
import 'bootstrap/js/src/dropdown.js';
import '../styles/app.css';

import { startActions } from './app/actions.js';
import { startClocks } from './app/clocks.js';
import { startDialogs } from './app/dialogs.js';
import { startSendingOnce } from './app/double.js';
import { startKeys } from './app/keys.js';
import { startKeepingInput } from './app/plain-forms.js';
import { startRequests } from './app/requests.js';
import { startTabs } from './app/tabs.js';
import { startToasts } from './app/toasts.js';
import { startUnsavedGuard } from './app/unsaved.js';
import { startIslands } from './islands.js';

startRequests();
startDialogs();
startKeepingInput();
startSendingOnce();
startUnsavedGuard();
startKeys();
startClocks();
startActions();
startTabs();
startToasts();
startIslands();
