/** form-js's own texts in Simplified Chinese; the server's validator has the same messages. */

/** By the library's text. */
export const wordings = {
  Search: '搜索',
  Select: '请选择',
  'No results': '无匹配项',
  'All values selected': '已全部选择',
  'Remove tag': '移除',
  'Skip to search': '跳到搜索框',
  'Add new': '添加一项',
  Collapse: '收起',
  Increment: '增加',
  Decrement: '减少',
  'Nothing to show.': '暂无数据',
  'Previous page': '上一页',
  'Next page': '下一页',
  'Use 24h': '24 小时制',
  'Powered by bpmn.io': '由 bpmn.io 提供',
  'mm/dd/yyyy': '年/月/日',
  'yyyy/mm/dd': '年/月/日',
  'hh:mm': '时:分',
  'hh:mm ?m': '时:分',
  'Field is required.': '此项必填',
  'Value is not a number.': '请输入数字',
  'Field must be a valid email.': '请输入有效的电子邮箱',
  'Field must be a valid  international phone number. (e.g. +4930664040900)': '请输入有效的电话号码',
  'Min validation value is not a valid number.': '表单的最小值设置有误，请联系流程管理员',
  'Max validation value is not a valid number.': '表单的最大值设置有误，请联系流程管理员',
  'Value is expected to be an integer.': '请输入整数',
  'Date and time must both be entered.': '日期和时间都要填写',
};

/** Texts with values, by the name that `form/wordings.js` gives their pattern. */
export const patterns = {
  minLength: '至少输入 $1 个字符',
  maxLength: '最多输入 $1 个字符',
  min: '不能小于 $1',
  max: '不能大于 $1',
  pattern: '格式不正确',
  decimalDigits: '最多保留 $1 位小数',
  increment: '请输入有效的数值，最接近的是 $1 和 $2',
  expandAll: '展开全部（$1）',
  removeItem: '删除第 $1 项',
  download: '下载 $1',
};
