/** Every text that a person reads and that is not from the server, in the language of the page. */
import en from './texts/app/en.js';
import hans from './texts/app/zh-hans.js';
import hant from './texts/app/zh-hant.js';
import { chosen } from './texts/language.js';

export const texts = chosen({ 'zh-Hans': hans, 'zh-Hant': hant, en });
