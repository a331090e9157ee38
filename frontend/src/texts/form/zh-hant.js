/** form-js's own texts in Traditional Chinese; the server's validator has the same messages. */

/** By the library's text. */
export const wordings = {
  Search: '搜尋',
  Select: '請選擇',
  'No results': '無符合項目',
  'All values selected': '已全部選取',
  'Remove tag': '移除',
  'Skip to search': '跳到搜尋框',
  'Add new': '新增一項',
  Collapse: '收合',
  Increment: '增加',
  Decrement: '減少',
  'Nothing to show.': '暫無資料',
  'Previous page': '上一頁',
  'Next page': '下一頁',
  'Use 24h': '24 小時制',
  'Powered by bpmn.io': '由 bpmn.io 提供',
  'mm/dd/yyyy': '年/月/日',
  'yyyy/mm/dd': '年/月/日',
  'hh:mm': '時:分',
  'hh:mm ?m': '時:分',
  'Field is required.': '此項必填',
  'Value is not a number.': '請輸入數字',
  'Field must be a valid email.': '請輸入有效的電子郵件地址',
  'Field must be a valid  international phone number. (e.g. +4930664040900)': '請輸入有效的電話號碼',
  'Min validation value is not a valid number.': '表單的最小值設定有誤，請聯絡流程管理員',
  'Max validation value is not a valid number.': '表單的最大值設定有誤，請聯絡流程管理員',
  'Value is expected to be an integer.': '請輸入整數',
  'Date and time must both be entered.': '日期和時間都要填寫',
};

/** Texts with values, by the name that `form/wordings.js` gives their pattern. */
export const patterns = {
  minLength: '至少輸入 $1 個字元',
  maxLength: '最多輸入 $1 個字元',
  min: '不能小於 $1',
  max: '不能大於 $1',
  pattern: '格式不正確',
  decimalDigits: '最多保留 $1 位小數',
  increment: '請輸入有效的數值，最接近的是 $1 和 $2',
  expandAll: '展開全部（$1）',
  removeItem: '刪除第 $1 項',
  download: '下載 $1',
};
