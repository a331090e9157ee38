"""Sentences of findings and incidents for readers of Traditional Chinese, made from the Simplified ones.

The sentences are a closed set of words; so a table turns each exactly into what people in Taiwan write.
What is quoted in them is the reader's own (names, values, source text) and stays as it was written.
"""

import re

FACT, END_OF_FACT = "\ue000", "\ue001"
"""Around a fact that stands in a sentence without quotation marks."""

WORDS = {
    "正则表达式": "正規表示式", "表达式": "運算式", "正则": "正規", "单元格": "儲存格", "运算符": "運算子",
    "文件名": "檔名", "文件": "檔案", "变量": "變數", "数据": "資料", "字符": "字元", "布尔": "布林",
    "循环": "迴圈", "嵌套": "巢狀", "全角": "全形", "半角": "半形", "支持": "支援", "调用": "呼叫",
    "导入": "匯入", "文本": "文字", "对象": "物件", "声明": "宣告", "关系": "關係", "标志": "標誌",
    "网关": "閘道", "监听器": "監聽器", "脚本": "指令碼", "信号": "訊號", "消息": "訊息", "映射": "對應",
    "事务": "交易", "字节": "位元組", "资源": "資源", "链接": "連結", "日历": "行事曆", "激活": "啟用",
    "启动": "啟動", "标签": "標籤", "字段": "欄位", "周期": "週期",
    "程序": "程式", "扩展": "擴充", "合并": "合併", "默认": "預設", "用户": "使用者", "下划线": "底線",
    "组件": "元件", "复选框": "核取方塊", "地址": "位址", "安全策略": "安全政策", "运行": "執行",
    "汇总": "彙總", "列表": "清單", "列出": "列出", "排列": "排列", "智能体": "代理程式",
    # Rows are 列 and columns 欄 in Taiwan; lines of a text are 行 in both.
    " 行第 ": " 行第 ", " 行": " 列", "一行": "一列", "各行": "各列", "些行": "些列", "按行": "按列",
    "的行": "的列", "行的": "列的", "行与": "列與", "列": "欄", "执行": "執行",
}  # fmt: skip
"""Words that are not only written otherwise, or whose signs depend on the word."""

SIGNS = dict(
    zip(
        "与两个务为义于从会关写冲决况准减划则别区单却参双变号后围块声处复实对导尔层属带幂库应张当径态总户换据数断无时"
        "杂杠条标样汇没满滤点环现码称类组结编范规计许语误请读调负败赖较辑输达过运这适逻键长间际静项顺须额颠"
        "业临动发启够头将开归执获暂档级线继续网节认试该资还进链错监听选邮图优联识抛触内里报异迁页绑说边补偿终连"
        "画种么择们见谁办设给让来转独几远体盖删确着记统齐赋显极议占钟并汉随",
        "與兩個務為義於從會關寫衝決況準減劃則別區單卻參雙變號後圍塊聲處複實對導爾層屬帶冪庫應張當徑態總戶換據數斷無時"
        "雜槓條標樣匯沒滿濾點環現碼稱類組結編範規計許語誤請讀調負敗賴較輯輸達過運這適邏鍵長間際靜項順須額顛"
        "業臨動發啟夠頭將開歸執獲暫檔級線繼續網節認試該資還進鏈錯監聽選郵圖優聯識拋觸內裡報異遷頁綁說邊補償終連"
        "畫種麼擇們見誰辦設給讓來轉獨幾遠體蓋刪確著記統齊賦顯極議佔鐘並漢隨",
        strict=True,
    )
)
"""Signs that are written otherwise; all others the sentences use are the same."""

_KEPT = re.compile(f'“[^”]*”|«[^»]*»|"[^"]*"|`[^`]*`|{FACT}[^{END_OF_FACT}]*{END_OF_FACT}')
_KNOWN = re.compile("|".join(sorted({**WORDS, **SIGNS}, key=len, reverse=True)))


def traditional(sentence: str) -> str:
    """Return a sentence in Traditional Chinese, its facts still marked."""
    parts, at = [], 0
    for kept in _KEPT.finditer(sentence):
        parts += [_turned(sentence[at : kept.start()]), _requoted(kept[0])]
        at = kept.end()
    return "".join([*parts, _turned(sentence[at:])])


def _turned(words: str) -> str:
    return _KNOWN.sub(lambda found: WORDS.get(found[0]) or SIGNS[found[0]], words)


def _requoted(kept: str) -> str:
    return f"「{kept[1:-1]}」" if kept[0] == "“" else kept
