"""Why an operator's command was refused, by the `reason` of the error; `%(name)s` stands for a fact."""

from types import MappingProxyType

from service.web.words.texts import lazy_gettext

REASONS = MappingProxyType(
    {
        "no_start_form": lazy_gettext(
            "“%(process)s”的发起表单尚未部署，暂时不能发起，请联系流程负责人。"
        ),
        "suspended": lazy_gettext("流程实例 %(key)s 已暂停，请先恢复运行。"),
        "ended": lazy_gettext("流程实例 %(key)s 已经结束。"),
        "unknown_element": lazy_gettext("流程中没有元素 %(element_id)s。"),
        "inside_multi_instance": lazy_gettext(
            "元素 %(element_id)s 位于多实例内部，不能直接激活；请改为移动其中的令牌。"
        ),
        "inner_instance": lazy_gettext(
            "%(element_instance_key)s 是多实例中的一个内部实例，不能移动；请移动整个多实例。"
        ),
        "not_activatable": lazy_gettext(
            "元素 %(element_id)s 不能直接激活：开始事件、边界事件以及事件网关之后的事件都不可以。"
        ),
        "several_scopes": lazy_gettext(
            "子流程 %(scope_id)s 有多个正在运行的实例，请指明在哪一个中激活 %(element_id)s。"
        ),
        "no_ancestor": lazy_gettext(
            "%(ancestor_key)s 不是 %(element_id)s 外层正在运行的流程或子流程。"
        ),
        "no_scope": lazy_gettext("子流程 %(scope_id)s 没有正在运行的实例，也不能从外部建立。"),
        "no_variable_scope": lazy_gettext(
            "%(scope_id)s 既不是 %(element_id)s，也不是它外层的流程或子流程，不能在其中设置变量。"
        ),
        "scope_terminated": lazy_gettext(
            "不能在 %(scope_id)s 中激活 %(element_id)s：同一次修改会终止前者；"
            "请指明在哪个外层中激活，或不要终止它。"
        ),
        "moved_twice": lazy_gettext(
            "元素 %(element_id)s 在多条指令中被移动；每个元素只能移动一次。"
        ),
        "not_active": lazy_gettext("%(source)s 当前没有在运行。"),
        "ends_called": lazy_gettext(
            "不能终止被调用流程中最后一个运行的元素；请终止调用它的调用活动。"
        ),
        "mapped_twice": lazy_gettext("元素 %(element_id)s 被映射了多次。"),
        "not_mapped": lazy_gettext("正在运行的元素 %(element_id)s 没有映射到目标版本。"),
        "start_taken": lazy_gettext(
            "流程 %(process_id)s 已有一个以关联键“%(correlation_key)s”发起的实例在运行，"
            "同一关联键只能有一个。"
        ),
        "no_source": lazy_gettext("当前版本中没有 %(element_id)s，无法映射。"),
        "no_target": lazy_gettext("目标版本中没有 %(element_id)s，不能映射到它。"),
        "other_kind": lazy_gettext(
            "%(element_id)s（%(kind)s）不能映射到 %(target_id)s（%(target_kind)s）：类型必须相同。"
        ),
        "other_marker": lazy_gettext(
            "元素 %(element_id)s 不能映射到 %(target_id)s：两者的多实例或循环标记不同。"
        ),
        "other_work": lazy_gettext(
            "元素 %(element_id)s 不能映射到 %(target_id)s：其中只有一个由作业完成。"
        ),
        "other_join": lazy_gettext(
            "令牌正在临时子流程的网关 %(element_id)s 等待汇合，不能映射到 %(target_id)s："
            "两者之中只有一个汇合子流程内分别启动的各条路径。"
        ),
        "detached_event": lazy_gettext(
            "事件 %(element_id)s 不能映射到 %(target_id)s：%(target_id)s 不属于 %(host_id)s，"
            "事件须留在原来的活动上。"
        ),
        "merged_events": lazy_gettext(
            "事件 %(element_id)s 不能映射到 %(target_id)s：已有另一个事件映射到 %(target_id)s，"
            "每个目标只能用一次。"
        ),
        "interrupting_event": lazy_gettext(
            "事件 %(element_id)s 已触发中断，正在等待监听器答复，须映射到目标版本的对应事件。"
        ),
        "other_depth": lazy_gettext(
            "已完成的 %(element_id)s 若要仍可补偿，其补偿事件须映射到同一层的活动："
            "%(target_id)s 不在同一层。"
        ),
        "failed_job": lazy_gettext(
            "用户任务 %(element_id)s 的作业有未解决的异常，"
            "请先解决，再迁移为人工办理的任务 %(target_id)s。"
        ),
        "no_form": lazy_gettext(
            "用户任务 %(element_id)s 的表单内嵌在原流程图中，而目标任务 %(target_id)s 的表单无法使用："
            "%(because)s"
        ),
        "no_subscription": lazy_gettext("%(target_id)s 所带的事件无法开始等待：%(because)s"),
        "other_order": lazy_gettext(
            "多实例 %(element_id)s 不能映射到 %(target_id)s：一个并行，一个顺序。"
        ),
        "other_scope": lazy_gettext(
            "元素 %(element_id)s 不能映射到 %(target_id)s：目标不在 %(scope_id)s 之中。"
        ),
        "join_flow": lazy_gettext(
            "汇合网关 %(element_id)s 已收到连线 %(flow_id)s 的令"
            "牌，该连线须映射到 %(target_id)s 的一条入线，且目标入线不少于原有数量。"
        ),
        "no_listener": lazy_gettext(
            "元素 %(element_id)s 正在等待监听器，而 %(target_id)s 没有相应的监听器。"
        ),
        "retained": lazy_gettext("该流程实例属于案件，须保存至 %(kept_until)s，不能删除。"),
        "open_case": lazy_gettext("该记录属于尚未办结的案件，须随案件保存，不能删除。"),
        "called_instance": lazy_gettext("该实例由其他流程调用，请终止发起调用的流程。"),
        "called_off": lazy_gettext("该实例正在终止，请等待监听器处理完毕。"),
        "no_retries": lazy_gettext("作业 %(key)s 已没有重试次数，请先增加重试次数。"),
        "batch_state": lazy_gettext("批量操作当前状态为 %(state)s，不能执行此操作。"),
        "again": lazy_gettext("重试后再次出现异常 %(incident_key)s。"),
    }
)
"""The reasons of modification, migration, deletion and the like, as texts that can be translated."""
