"""Why an operator's command was refused, in Chinese: by the `reason` of the error, with its facts."""

from collections.abc import Mapping

from service.api.error_texts import Chinese

REASONS: Mapping[str, Chinese] = {
    "no_start_form": Chinese(
        "“{process}”的发起表单尚未部署，暂时不能发起，请联系流程负责人。",
        "「{process}」的發起表單尚未部署，暫時無法發起，請聯絡流程負責人。",
    ),
    "suspended": Chinese(
        "流程实例 {key} 已暂停，请先恢复运行。",
        "流程實例 {key} 已暫停，請先恢復執行。",
    ),
    "ended": Chinese(
        "流程实例 {key} 已经结束。",
        "流程實例 {key} 已經結束。",
    ),
    "unknown_element": Chinese(
        "流程中没有元素 {element_id}。",
        "流程中沒有元素 {element_id}。",
    ),
    "inside_multi_instance": Chinese(
        "元素 {element_id} 位于多实例内部，不能直接激活；请改为移动其中的令牌。",
        "元素 {element_id} 位於多實例內部，不能直接啟用；請改為移動其中的權杖。",
    ),
    "inner_instance": Chinese(
        "{element_instance_key} 是多实例中的一个内部实例，不能移动；请移动整个多实例。",
        "{element_instance_key} 是多實例中的一個內部實例，不能移動；請移動整個多實例。",
    ),
    "not_activatable": Chinese(
        "元素 {element_id} 不能直接激活：开始事件、边界事件以及事件网关之后的事件都不可以。",
        "元素 {element_id} 不能直接啟用：開始事件、邊界事件以及事件閘道之後的事件都不可以。",
    ),
    "several_scopes": Chinese(
        "子流程 {scope_id} 有多个正在运行的实例，请指明在哪一个中激活 {element_id}。",
        "子流程 {scope_id} 有多個正在執行的實例，請指明在哪一個中啟用 {element_id}。",
    ),
    "no_ancestor": Chinese(
        "{ancestor_key} 不是 {element_id} 外层正在运行的流程或子流程。",
        "{ancestor_key} 不是 {element_id} 外層正在執行的流程或子流程。",
    ),
    "no_scope": Chinese(
        "子流程 {scope_id} 没有正在运行的实例，也不能从外部建立。",
        "子流程 {scope_id} 沒有正在執行的實例，也不能從外部建立。",
    ),
    "no_variable_scope": Chinese(
        "{scope_id} 既不是 {element_id}，也不是它外层的流程或子流程，不能在其中设置变量。",
        "{scope_id} 既不是 {element_id}，也不是它外層的流程或子流程，不能在其中設定變數。",
    ),
    "scope_terminated": Chinese(
        "不能在 {scope_id} 中激活 {element_id}：同一次修改会终止前者；请指明在哪个外层中激活，或不要终止它。",
        "不能在 {scope_id} 中啟用 {element_id}：同一次修改會終止前者；請指明在哪個外層中啟用，或不要終止它。",
    ),
    "moved_twice": Chinese(
        "元素 {element_id} 在多条指令中被移动；每个元素只能移动一次。",
        "元素 {element_id} 在多條指令中被移動；每個元素只能移動一次。",
    ),
    "not_active": Chinese(
        "{source} 当前没有在运行。",
        "{source} 目前沒有在執行。",
    ),
    "ends_called": Chinese(
        "不能终止被调用流程中最后一个运行的元素；请终止调用它的调用活动。",
        "不能終止被呼叫流程中最後一個執行的元素；請終止呼叫它的呼叫活動。",
    ),
    "mapped_twice": Chinese(
        "元素 {element_id} 被映射了多次。",
        "元素 {element_id} 被對應了多次。",
    ),
    "not_mapped": Chinese(
        "正在运行的元素 {element_id} 没有映射到目标版本。",
        "正在執行的元素 {element_id} 沒有對應到目標版本。",
    ),
    "start_taken": Chinese(
        "流程 {process_id} 已有一个以关联键“{correlation_key}”发起的实例在运行，同一关联键只能有一个。",
        "流程 {process_id} 已有一個以關聯鍵「{correlation_key}」發起的實例在執行，同一關聯鍵只能有一個。",
    ),
    "no_source": Chinese(
        "当前版本中没有 {element_id}，无法映射。",
        "目前版本中沒有 {element_id}，無法對應。",
    ),
    "no_target": Chinese(
        "目标版本中没有 {element_id}，不能映射到它。",
        "目標版本中沒有 {element_id}，不能對應到它。",
    ),
    "other_kind": Chinese(
        "{element_id}（{kind}）不能映射到 {target_id}（{target_kind}）：类型必须相同。",
        "{element_id}（{kind}）不能對應到 {target_id}（{target_kind}）：類型必須相同。",
    ),
    "other_marker": Chinese(
        "元素 {element_id} 不能映射到 {target_id}：两者的多实例或循环标记不同。",
        "元素 {element_id} 不能對應到 {target_id}：兩者的多重實例或迴圈標記不同。",
    ),
    "other_work": Chinese(
        "元素 {element_id} 不能映射到 {target_id}：其中只有一个由作业完成。",
        "元素 {element_id} 不能對應到 {target_id}：其中只有一個由作業完成。",
    ),
    "other_join": Chinese(
        "令牌正在临时子流程的网关 {element_id} 等待汇合，不能映射到 {target_id}："
        "两者之中只有一个汇合子流程内分别启动的各条路径。",
        "權杖正在臨時子流程的閘道 {element_id} 等待匯合，不能對應到 {target_id}："
        "兩者之中只有一個匯合子流程內分別啟動的各條路徑。",
    ),
    "detached_event": Chinese(
        "事件 {element_id} 不能映射到 {target_id}：{target_id} 不属于 {host_id}，"
        "事件须留在原来的活动上。",
        "事件 {element_id} 不能對應到 {target_id}：{target_id} 不屬於 {host_id}，"
        "事件須留在原來的活動上。",
    ),
    "merged_events": Chinese(
        "事件 {element_id} 不能映射到 {target_id}：已有另一个事件映射到 {target_id}，"
        "每个目标只能用一次。",
        "事件 {element_id} 不能對應到 {target_id}：已有另一個事件對應到 {target_id}，"
        "每個目標只能用一次。",
    ),
    "interrupting_event": Chinese(
        "事件 {element_id} 已触发中断，正在等待监听器答复，须映射到目标版本的对应事件。",
        "事件 {element_id} 已觸發中斷，正在等待監聽器答覆，須對應到目標版本的相應事件。",
    ),
    "other_depth": Chinese(
        "已完成的 {element_id} 若要仍可补偿，其补偿事件须映射到同一层的活动："
        "{target_id} 不在同一层。",
        "已完成的 {element_id} 若要仍可補償，其補償事件須對應到同一層的活動："
        "{target_id} 不在同一層。",
    ),
    "failed_job": Chinese(
        "用户任务 {element_id} 的作业有未解决的异常，"
        "请先解决，再迁移为人工办理的任务 {target_id}。",
        "使用者任務 {element_id} 的作業有未解決的異常，"
        "請先解決，再遷移為人工辦理的任務 {target_id}。",
    ),
    "no_form": Chinese(
        "用户任务 {element_id} 的表单内嵌在原流程图中，而目标任务 {target_id} 的表单无法使用："
        "{because}",
        "使用者任務 {element_id} 的表單內嵌在原流程圖中，而目標任務 {target_id} 的表單無法使用："
        "{because}",
    ),
    "no_subscription": Chinese(
        "{target_id} 所带的事件无法开始等待：{because}",
        "{target_id} 所帶的事件無法開始等待：{because}",
    ),
    "other_order": Chinese(
        "多实例 {element_id} 不能映射到 {target_id}：一个并行，一个顺序。",
        "多實例 {element_id} 不能對應到 {target_id}：一個並行，一個循序。",
    ),
    "other_scope": Chinese(
        "元素 {element_id} 不能映射到 {target_id}：目标不在 {scope_id} 之中。",
        "元素 {element_id} 不能對應到 {target_id}：目標不在 {scope_id} 之中。",
    ),
    "join_flow": Chinese(
        "汇合网关 {element_id} 已收到连线 {flow_id} 的令牌，"
        "该连线须映射到 {target_id} 的一条入线，且目标入线不少于原有数量。",
        "匯合閘道 {element_id} 已收到連線 {flow_id} 的權杖，"
        "該連線須對應到 {target_id} 的一條入線，且目標入線不少於原有數量。",
    ),
    "no_listener": Chinese(
        "元素 {element_id} 正在等待监听器，而 {target_id} 没有相应的监听器。",
        "元素 {element_id} 正在等待監聽器，而 {target_id} 沒有相應的監聽器。",
    ),
    "retained": Chinese(
        "该流程实例属于案件，须保存至 {kept_until}，不能删除。",
        "該流程實例屬於案件，須保存至 {kept_until}，不能刪除。",
    ),
    "open_case": Chinese(
        "该记录属于尚未办结的案件，须随案件保存，不能删除。",
        "該記錄屬於尚未辦結的案件，須隨案件保存，不能刪除。",
    ),
    "called_instance": Chinese(
        "该实例由其他流程调用，请终止发起调用的流程。",
        "該實例由其他流程呼叫，請終止發起呼叫的流程。",
    ),
    "called_off": Chinese(
        "该实例正在终止，请等待监听器处理完毕。",
        "該實例正在終止，請等待監聽器處理完畢。",
    ),
    "no_retries": Chinese(
        "作业 {key} 已没有重试次数，请先增加重试次数。",
        "作業 {key} 已沒有重試次數，請先增加重試次數。",
    ),
    "batch_state": Chinese(
        "批量操作当前状态为 {state}，不能执行此操作。",
        "批次操作目前狀態為 {state}，不能執行此操作。",
    ),
    "again": Chinese(
        "重试后再次出现异常 {incident_key}。",
        "重試後再次出現異常 {incident_key}。",
    ),
}
"""The reasons of modification, migration, deletion and the like; `{name}` stands for a fact."""
