"""Chinese sentences of errors in both scripts, for those that carry none of their own.

A sentence is picked by the error's class and the facts it has: the first of its class all of whose facts
are there. Each class has one without facts at its end.
"""

from dataclasses import dataclass

from service.api.own_errors import (
    MethodNotAllowedError,
    NotAcceptableError,
    TooLateError,
    UnsupportedMediaError,
)
from service.domain import errors
from service.feel import FeelSyntaxError


@dataclass(frozen=True)
class Chinese:
    """A text in both scripts; `{name}` stands for a fact."""

    simplified: str
    traditional: str


@dataclass(frozen=True)
class Sentence:
    """What is told about an error of a class that has certain facts."""

    kind: type[errors.HuiyinError]
    facts: frozenset[str]
    text: Chinese


def _says(
    kind: type[errors.HuiyinError], facts: str, simplified: str, traditional: str
) -> Sentence:
    return Sentence(kind, frozenset(facts.split()), Chinese(simplified, traditional))


SENTENCES = (
    _says(
        errors.BadInputError,
        "missing_body",
        "请求应有内容，但没有内容。",
        "請求應有內容，但沒有內容。",
    ),
    _says(
        errors.BadInputError,
        "broken_json",
        "{broken_json} 应为 JSON，但不是。",
        "{broken_json} 應為 JSON，但不是。",
    ),
    _says(
        errors.BadInputError,
        "unknown_field",
        "没有字段 {unknown_field}，请检查名称。",
        "沒有欄位 {unknown_field}，請檢查名稱。",
    ),
    _says(
        errors.DeploymentRefusedError,
        "",
        "部署的文件应无错误，但检查发现问题，整个部署未生效；逐条原因见 findings。",
        "部署的檔案應無錯誤，但檢查發現問題，整個部署未生效；逐條原因見 findings。",
    ),
    _says(
        errors.InvalidFormError,
        "",
        "表单应按要求填写，但有内容未通过校验，未保存任何数据；逐项原因见 problems。",
        "表單應按要求填寫，但有內容未通過校驗，未儲存任何資料；逐項原因見 problems。",
    ),
    _says(
        FeelSyntaxError,
        "hint",
        "应为 FEEL 表达式，但第 {line} 行第 {column} 列应为{expected}，实际为{found}。{hint}",
        "應為 FEEL 運算式，但第 {line} 行第 {column} 列應為{expected}，實際為{found}。{hint}",
    ),
    _says(
        FeelSyntaxError,
        "",
        "应为 FEEL 表达式，但第 {line} 行第 {column} 列应为{expected}，实际为{found}。",
        "應為 FEEL 運算式，但第 {line} 行第 {column} 列應為{expected}，實際為{found}。",
    ),
    _says(
        errors.BadInputError,
        "field expected given",
        "字段 {field} 应为{expected}，实际为 {given}。",
        "欄位 {field} 應為{expected}，實際為 {given}。",
    ),
    _says(
        errors.BadInputError,
        "field expected",
        "字段 {field} 应为{expected}，但未提供。",
        "欄位 {field} 應為{expected}，但未提供。",
    ),
    _says(
        errors.BadInputError,
        "form_id",
        "应已在本案件中填写表单“{form_id}”，但尚未填写。",
        "應已在本案件中填寫表單「{form_id}」，但尚未填寫。",
    ),
    _says(
        errors.BadInputError,
        "limit_bytes",
        "流程实例的全部变量应不超过 {limit_bytes} 字节，写入后将超过此限。",
        "流程實例的全部變數應不超過 {limit_bytes} 位元組，寫入後將超過此限。",
    ),
    _says(
        errors.BadInputError,
        "limit given",
        "数值应不超过 {limit}，实际为 {given}。",
        "數值應不超過 {limit}，實際為 {given}。",
    ),
    _says(
        errors.BadInputError,
        "field",
        "字段 {field} 的内容不符合 API 的要求，请求未执行。",
        "欄位 {field} 的內容不符合 API 的要求，請求未執行。",
    ),
    _says(
        errors.BadInputError,
        "",
        "提交的内容不符合要求（缺失、类型不对或取值超出范围），请求未执行。",
        "提交的內容不符合要求（缺失、類型不對或取值超出範圍），請求未執行。",
    ),
    _says(
        errors.NotSignedInError,
        "loopback_user",
        "应将 HUIYIN_LOOPBACK_USER 设为已有的用户名，但没有用户“{loopback_user}”。",
        "應將 HUIYIN_LOOPBACK_USER 設為已有的使用者名稱，但沒有使用者「{loopback_user}」。",
    ),
    _says(
        errors.NotSignedInError,
        "",
        "应提供有效的登录凭据，但未提供，或用户名、密码、令牌不正确。",
        "應提供有效的登入憑據，但未提供，或使用者名稱、密碼、權杖不正確。",
    ),
    _says(
        errors.NotAllowedError,
        "",
        "您没有执行此操作的权限。",
        "您沒有執行此操作的權限。",
    ),
    _says(
        errors.NotFoundError,
        "process_id",
        "应已部署流程“{process_id}”的该版本，但未找到。",
        "應已部署流程「{process_id}」的該版本，但未找到。",
    ),
    _says(
        errors.NotFoundError,
        "form_id",
        "应已部署表单“{form_id}”，但未找到。",
        "應已部署表單「{form_id}」，但未找到。",
    ),
    _says(
        errors.NotFoundError,
        "task_key",
        "未找到任务 {task_key}，或您无权查看。",
        "未找到任務 {task_key}，或您無權查看。",
    ),
    _says(
        errors.NotFoundError,
        "key",
        "未找到键为 {key} 的对象，或您无权查看。",
        "未找到鍵為 {key} 的物件，或您無權查看。",
    ),
    _says(
        errors.NotFoundError,
        "name",
        "应有流程正在等待消息“{name}”，但没有，消息未送达。",
        "應有流程正在等待訊息「{name}」，但沒有，訊息未送達。",
    ),
    _says(
        errors.NotFoundError,
        "path",
        "API 中没有路径 {path}。",
        "API 中沒有路徑 {path}。",
    ),
    _says(
        errors.NotFoundError,
        "",
        "未找到所指定的内容，或您无权查看。",
        "未找到所指定的內容，或您無權查看。",
    ),
    _says(
        errors.AlreadyExistsError,
        "message_id",
        "消息编号“{message_id}”已在等待接收，不能重复发布。",
        "訊息編號「{message_id}」已在等待接收，不能重複發布。",
    ),
    _says(
        errors.AlreadyExistsError,
        "notice_no",
        "通知单“{notice_no}”已经生效或编号已被使用，不能重复。",
        "通知單「{notice_no}」已經生效或編號已被使用，不能重複。",
    ),
    _says(
        errors.AlreadyExistsError,
        "",
        "同名或同编号的内容已经存在，不能重复创建。",
        "同名或同編號的內容已經存在，不能重複建立。",
    ),
    _says(
        errors.WrongStateError,
        "instance_key business_id",
        "流程实例 {instance_key} 已有业务编号“{business_id}”，不能更改。",
        "流程實例 {instance_key} 已有業務編號「{business_id}」，不能更改。",
    ),
    _says(
        errors.WrongStateError,
        "called_key parent_key",
        "只有顶层流程实例可以登记业务编号，而 {called_key} 是由 {parent_key} 调用的。",
        "只有頂層流程實例可以登記業務編號，而 {called_key} 是由 {parent_key} 呼叫的。",
    ),
    _says(
        errors.WrongStateError,
        "leased_job",
        "作业 {leased_job} 带租约，须出示最近一次领取时给的租约令牌。",
        "作業 {leased_job} 帶租約，須出示最近一次領取時給的租約權杖。",
    ),
    _says(
        errors.WrongStateError,
        "task_key completed_by completed_at",
        "任务 {task_key} 应为待办，但已由 {completed_by} 于 {completed_at} 办理完成。",
        "任務 {task_key} 應為待辦，但已由 {completed_by} 於 {completed_at} 辦理完成。",
    ),
    _says(
        errors.WrongStateError,
        "task_key state",
        "任务 {task_key} 应为待办（CREATED），实际状态为 {state}。",
        "任務 {task_key} 應為待辦（CREATED），實際狀態為 {state}。",
    ),
    _says(
        errors.WrongStateError,
        "task_key assignee",
        "任务 {task_key} 应无人领取，但已由 {assignee} 领取。",
        "任務 {task_key} 應無人領取，但已由 {assignee} 領取。",
    ),
    _says(
        errors.WrongStateError,
        "key state",
        "对象 {key} 的当前状态为 {state}，不能执行此操作。",
        "物件 {key} 的目前狀態為 {state}，不能執行此操作。",
    ),
    _says(
        errors.WrongStateError,
        "error_code",
        "应有事件捕获错误代码“{error_code}”，但流程中没有。",
        "應有事件捕獲錯誤代碼「{error_code}」，但流程中沒有。",
    ),
    _says(
        errors.WrongStateError,
        "draft_version",
        "草稿已在其他窗口中修改（当前版本 {draft_version}），未保存。",
        "草稿已在其他視窗中修改（目前版本 {draft_version}），未儲存。",
    ),
    _says(
        errors.WrongStateError,
        "due_at",
        "定时器应已到期，但要到 {due_at} 才到期。",
        "計時器應已到期，但要到 {due_at} 才到期。",
    ),
    _says(
        errors.WrongStateError,
        "",
        "当前状态不允许执行此操作，操作未生效。",
        "目前狀態不允許執行此操作，操作未生效。",
    ),
    _says(
        errors.BusyError,
        "retry_after_s",
        "其他人正在处理同一内容，操作未生效，请于 {retry_after_s} 秒后重试。",
        "其他人正在處理同一內容，操作未生效，請於 {retry_after_s} 秒後重試。",
    ),
    _says(
        errors.UnavailableError,
        "retry_after_s",
        "数据库暂时无法访问，请于 {retry_after_s} 秒后重试。",
        "資料庫暫時無法存取，請於 {retry_after_s} 秒後重試。",
    ),
    _says(
        errors.OverloadedError,
        "retry_after_s",
        "系统繁忙或请求过于频繁，请求未执行，请于 {retry_after_s} 秒后重试。",
        "系統繁忙或請求過於頻繁，請求未執行，請於 {retry_after_s} 秒後重試。",
    ),
    _says(
        errors.NotSupportedError,
        "path because",
        "API 中有 {path}，但本系统不提供：{because}。",
        "API 中有 {path}，但本系統不提供：{because}。",
    ),
    _says(
        errors.NotSupportedError,
        "field",
        "API 中有字段 {field}，但本系统不支持，请求未执行。",
        "API 中有欄位 {field}，但本系統不支援，請求未執行。",
    ),
    _says(
        errors.NotSupportedError,
        "",
        "API 中有此功能，但本系统不提供。",
        "API 中有此功能，但本系統不提供。",
    ),
    _says(
        NotAcceptableError,
        "types",
        "本系统能以 {types} 回答，请求头 Accept 应包含其中之一。",
        "本系統能以 {types} 回答，請求標頭 Accept 應包含其中之一。",
    ),
    _says(
        NotAcceptableError,
        "",
        "该内容应为 JSON，但实际不是；请按二进制内容读取。",
        "該內容應為 JSON，但實際不是；請按二進位內容讀取。",
    ),
    _says(
        UnsupportedMediaError,
        "expected given",
        "请求内容的类型（Content-Type）应为 {expected}，实际为 {given}。",
        "請求內容的類型（Content-Type）應為 {expected}，實際為 {given}。",
    ),
    _says(
        UnsupportedMediaError,
        "expected",
        "请求内容的类型（Content-Type）应为 {expected}，但未说明。",
        "請求內容的類型（Content-Type）應為 {expected}，但未說明。",
    ),
    _says(
        MethodNotAllowedError,
        "allowed",
        "该路径只接受 {allowed} 方法。",
        "該路徑只接受 {allowed} 方法。",
    ),
    _says(
        TooLateError,
        "terminated_key",
        "流程实例 {terminated_key} 已终止，没有结果。",
        "流程實例 {terminated_key} 已終止，沒有結果。",
    ),
    _says(
        TooLateError,
        "",
        "等待的结果应在时限内出现，但尚未出现；处理仍在继续。",
        "等待的結果應在時限內出現，但尚未出現；處理仍在繼續。",
    ),
    _says(
        errors.HuiyinError,
        "error_code",
        "处理未能完成，错误代码为“{error_code}”。",
        "處理未能完成，錯誤代碼為「{error_code}」。",
    ),
    _says(errors.HuiyinError, "", "处理未能完成。", "處理未能完成。"),
)
