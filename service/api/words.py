"""Parts of sentences in Chinese: what was expected of a field, why something is not offered, statuses."""

from collections.abc import Mapping

from service.api.error_texts import Chinese

RIGHTS_IN_TRADITIONAL: Mapping[str, str] = {
    "not_staff": "僅限本公司員工操作",
    "not_candidate": "您不是該任務的辦理人，也不在其候選人或候選組中",
    "assigned_to_other": "該任務已由他人領取",
    "not_reassigner": "只有任務的辦理人、其主管或系統管理員可以轉交或放回該任務",
    "receiver_not_staff": "接收人不是本公司員工",
    "not_case_reader": "您未參與該投訴的辦理，無權查看",
    "not_starter": "您無權發起該流程",
    "role_missing": "您的角色無權執行此操作",
    "drafter_may_not_sign": "擬稿人不得參加會簽",
    "signed_already": "同一人在同一輪會簽中只能簽署一次",
    "other_department": "會簽只能委託給本部門人員代簽",
    "not_item_holder": "只有保管該物件的部門或接收部門可以操作",
}
"""The reasons of `identity.verdict.REASONS` in Traditional script; the Simplified stand there."""

EXPECTED: Mapping[str, Chinese] = {
    r"an object": Chinese("对象", "物件"),
    r"an object with 'name' and 'value'": Chinese(
        "含 name 和 value 的对象", "含 name 和 value 的物件"
    ),
    r"a list": Chinese("列表", "列表"),
    r"a list of strings": Chinese("字符串的列表", "字串的列表"),
    r"a list of at most (\d+) items": Chinese("最多 {0} 项的列表", "最多 {0} 項的列表"),
    r"a string": Chinese("字符串", "字串"),
    r"a string that is not empty": Chinese("非空字符串", "非空字串"),
    r"a key as a string of digits": Chinese("以数字字符串表示的键", "以數字字串表示的鍵"),
    r"an integer": Chinese("整数", "整數"),
    r"an integer of at least (-?\d+)": Chinese("不小于 {0} 的整数", "不小於 {0} 的整數"),
    r"an integer of 32 bits": Chinese("32 位整数", "32 位元整數"),
    r"1 to 256 of the characters (.+)": Chinese(
        "1 至 256 个以下字符：{0}", "1 至 256 個以下字元：{0}"
    ),
    r"an integer of at most (\d+)": Chinese("不大于 {0} 的整数", "不大於 {0} 的整數"),
    r"an id of a process: a letter or _, then letters, digits, _ - \.": Chinese(
        "流程标识（以字母或下划线开头，由字母、数字、_、-、. 组成）",
        "流程識別碼（以字母或底線開頭，由字母、數字、_、-、. 組成）",
    ),
    r"an id of a decision: a letter or _, then letters, digits, _ - \.": Chinese(
        "决策标识（以字母或下划线开头，由字母、数字、_、-、. 组成）",
        "決策識別碼（以字母或底線開頭，由字母、數字、_、-、. 組成）",
    ),
    r"1 to 31 of the characters (.+)": Chinese(
        "1 至 31 个以下字符：{0}", "1 至 31 個以下字元：{0}"
    ),
    r"at most (\d+) characters long": Chinese("最多 {0} 个字符", "最多 {0} 個字元"),
    r"a mail address": Chinese("电子邮箱地址", "電子郵件地址"),
    r"an ISO 8601 duration of days, hours, minutes and seconds": Chinese(
        "由日、时、分、秒组成的 ISO 8601 时长", "由日、時、分、秒組成的 ISO 8601 時長"
    ),
    r"a list that is not empty": Chinese("非空列表", "非空列表"),
    r"an integer of 0 to (\d+)": Chinese("0 至 {0} 的整数", "0 至 {0} 的整數"),
    r"at most (\d+) milliseconds": Chinese("最多 {0} 毫秒", "最多 {0} 毫秒"),
    r"true or false": Chinese(" true 或 false", " true 或 false"),
    r"a date-time of RFC 3339 with offset": Chinese(
        "带时区的日期时间（RFC 3339）", "帶時區的日期時間（RFC 3339）"
    ),
    r"a number": Chinese("数字", "數字"),
    r"a string or a number": Chinese("字符串或数字", "字串或數字"),
    r"an object of operators": Chinese("由运算符组成的对象", "由運算子組成的物件"),
    r"an object of operators for each name": Chinese(
        "以名称为键、以运算符对象为值的对象", "以名稱為鍵、以運算子物件為值的物件"
    ),
    r"one of (.+), each once": Chinese("以下之一且不重复：{0}", "以下之一且不重複：{0}"),
    r"one of (.+)": Chinese("以下之一：{0}", "以下之一：{0}"),
    r"a cursor of an earlier answer in the same order": Chinese(
        "同一排序下此前答复中的游标", "同一排序下此前答覆中的游標"
    ),
    r"(.+) \(it takes no operators\)": Chinese("{0}（不接受运算符）", "{0}（不接受運算子）"),
}
"""What `refused` says was expected, as a pattern -> in Chinese; `{0}` is what its group matched."""

BECAUSE: Mapping[str, Chinese] = {
    "there are no AI agents here": Chinese("没有 AI 代理", "沒有 AI 代理"),
    "there are no partitions to balance or upgrade": Chinese(
        "没有需要均衡或升级的分区", "沒有需要均衡或升級的分區"
    ),
    "the database is backed up by its own means": Chinese(
        "数据库用其自身的手段备份", "資料庫用其自身的手段備份"
    ),
    "there is no exporter: searches read the database itself": Chinese(
        "没有导出器，查询直接读取数据库", "沒有匯出器，查詢直接讀取資料庫"
    ),
    "there is no mode of a cluster to change": Chinese(
        "没有可切换的集群模式", "沒有可切換的叢集模式"
    ),
    "there is no store of secrets": Chinese("没有密钥库", "沒有密鑰庫"),
}
"""Why the house does not serve a path of the API (`unsupported`), in Chinese."""

STATUSES: Mapping[int, Chinese] = {
    400: Chinese("提交的内容有误，请求未执行。", "提交的內容有誤，請求未執行。"),
    404: Chinese("未找到该地址。", "未找到該位址。"),
    405: Chinese("不支持以此方法访问该地址。", "不支援以此方法存取該位址。"),
    408: Chinese("等待请求内容超时。", "等待請求內容逾時。"),
    411: Chinese(
        "应说明请求内容的长度（Content-Length）。", "應說明請求內容的長度（Content-Length）。"
    ),
    413: Chinese("提交的内容超过大小限制，请求未执行。", "提交的內容超過大小限制，請求未執行。"),
    415: Chinese("不支持该内容类型。", "不支援該內容類型。"),
}
"""What is told when HTTP itself refuses; another status has the sentence of 400."""

FAILURE = Chinese(
    "系统出现错误，未能完成请求；日志编号 {0}。", "系統出現錯誤，未能完成請求；日誌編號 {0}。"
)
"""What is told about a bug of ours; `{0}` is the id in the log."""

COMMAND = Chinese("命令 {0} 被拒绝（{1}）：{2}", "命令 {0} 被拒絕（{1}）：{2}")
"""How a sentence about a refused command begins: command, code, sentence."""
