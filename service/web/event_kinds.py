"""The kinds of events: what each is called, and how the history shows it."""

from types import MappingProxyType

from service.web.texts import lazy_gettext

TITLES = MappingProxyType(
    {
        "ad_hoc.activated": lazy_gettext("启动临时活动"),
        "authorization.changed": lazy_gettext("修改授权"),
        "authorization.created": lazy_gettext("新增授权"),
        "authorization.deleted": lazy_gettext("撤销授权"),
        "batch.shipment_allowed": lazy_gettext("允许发货"),
        "batch.shipment_refused": lazy_gettext("拒绝发货（批次冻结）"),
        "batch.status": lazy_gettext("批次状态变更"),
        "calendar.changed": lazy_gettext("调整工作日历"),
        "case.archived": lazy_gettext("归档"),
        "case.closed": lazy_gettext("案件关闭"),
        "case.linked": lazy_gettext("关联案件"),
        "case.opened": lazy_gettext("立案"),
        "case.readers_added": lazy_gettext("增加抄送"),
        "clock.escalate": lazy_gettext("超时升级"),
        "clock.overdue": lazy_gettext("任务超时"),
        "clock.remind": lazy_gettext("临近时限提醒"),
        "decision.evaluated": lazy_gettext("查决策表"),
        "demo.loaded": lazy_gettext("载入演示数据"),
        "deployment.created": lazy_gettext("发布流程"),
        "directory.loaded": lazy_gettext("导入组织与人员"),
        "file.deleted": lazy_gettext("删除附件"),
        "file.stored": lazy_gettext("上传附件"),
        "group.changed": lazy_gettext("修改用户组"),
        "group.created": lazy_gettext("新增用户组"),
        "group.deleted": lazy_gettext("删除用户组"),
        "group.member_added": lazy_gettext("加入用户组"),
        "group.member_removed": lazy_gettext("移出用户组"),
        "history.deleted": lazy_gettext("到期档案已删除"),
        "history.deletion_confirmed": lazy_gettext("确认删除到期档案"),
        "history.frozen": lazy_gettext("到期档案已封存"),
        "incident.raised": lazy_gettext("出现异常"),
        "incident.resolved": lazy_gettext("异常已解除"),
        "instance.business_id_assigned": lazy_gettext("登记业务编号"),
        "instance.canceled": lazy_gettext("流程被终止"),
        "instance.deleted": lazy_gettext("流程实例被删除"),
        "instance.ended": lazy_gettext("流程结束"),
        "instance.migrated": lazy_gettext("迁移到其他版本"),
        "instance.modified": lazy_gettext("人工调整流程"),
        "instance.resumed": lazy_gettext("流程恢复运行"),
        "instance.started": lazy_gettext("流程开始"),
        "instance.suspended": lazy_gettext("流程暂停"),
        "item.ended": lazy_gettext("实物办结"),
        "item.handed_over": lazy_gettext("移交实物"),
        "item.recalled": lazy_gettext("收回实物"),
        "item.received": lazy_gettext("签收实物"),
        "item.registered": lazy_gettext("登记实物"),
        "job.completed": lazy_gettext("系统工作完成"),
        "job.error_thrown": lazy_gettext("系统工作报告错误"),
        "job.failed": lazy_gettext("系统工作失败"),
        "job.updated": lazy_gettext("系统工作调整"),
        "mail.failed": lazy_gettext("邮件发送失败"),
        "mail.sent": lazy_gettext("邮件已发送"),
        "message.correlated": lazy_gettext("收到消息"),
        "message.published": lazy_gettext("发布消息"),
        "notice.ended": lazy_gettext("快速处理通知单失效"),
        "notice.in_force": lazy_gettext("快速处理通知单生效"),
        "notification.sent": lazy_gettext("发出通知"),
        "operation.canceled": lazy_gettext("批量操作被取消"),
        "operation.completed": lazy_gettext("批量操作完成"),
        "operation.created": lazy_gettext("发起批量操作"),
        "operation.resumed": lazy_gettext("批量操作继续"),
        "operation.suspended": lazy_gettext("批量操作暂停"),
        "parameter.changed": lazy_gettext("修改参数"),
        "parameter.created": lazy_gettext("新增参数"),
        "parameter.deleted": lazy_gettext("删除参数"),
        "parameter.described": lazy_gettext("修改参数说明"),
        "person.changed": lazy_gettext("修改人员"),
        "person.created": lazy_gettext("新增人员"),
        "person.deleted": lazy_gettext("删除人员"),
        "person.password_set": lazy_gettext("重设密码"),
        "role.changed": lazy_gettext("修改角色"),
        "role.created": lazy_gettext("新增角色"),
        "role.deleted": lazy_gettext("删除角色"),
        "role.given": lazy_gettext("授予角色"),
        "role.taken": lazy_gettext("收回角色"),
        "signal.broadcast": lazy_gettext("广播信号"),
        "signal.received": lazy_gettext("收到信号"),
        "signal.refused": lazy_gettext("信号未能送达"),
        "timer.fired": lazy_gettext("定时触发"),
        "token.created": lazy_gettext("新建令牌"),
        "token.revoked": lazy_gettext("作废令牌"),
        "user_task.assigned": lazy_gettext("分派任务"),
        "user_task.canceled": lazy_gettext("任务取消"),
        "user_task.denied": lazy_gettext("系统拒绝了操作"),
        "user_task.completed": lazy_gettext("办理完成"),
        "user_task.opened": lazy_gettext("任务到达"),
        "user_task.unassigned": lazy_gettext("放回任务"),
        "user_task.updated": lazy_gettext("任务调整"),
        "variables.set": lazy_gettext("修改变量"),
    }
)
"""Kind of event → what it is called; a test holds that every kind the house writes is here."""

QUIET = frozenset({"job.completed", "job.updated"})
"""Kinds that only operators look for; the pages leave them out."""

TELLING = frozenset({"user_task.completed", "variables.set"})
"""Kinds whose values before and after are listed."""

OPENING = frozenset({"user_task.opened"})
ALARMING = frozenset(
    {
        "clock.overdue",
        "clock.escalate",
        "incident.raised",
        "instance.canceled",
        "job.failed",
        "mail.failed",
        "signal.refused",
    }
)
