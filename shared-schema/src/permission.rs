//! Roles and the permission table (权限表): which role may do what. The server binds each route to
//! one permission in `router.rs`; the console hides what a role cannot do by asking the same table.

use crate::text_enum;

text_enum! {
    /// Who somebody is. `System` is the server acting by a rule; nobody signs in as it.
    pub enum Role {
        0 Electrician = "electrician", "农电工", "Electrician";
        1 Agent = "agent", "坐席", "Agent";
        2 Dispatcher = "dispatcher", "派工员", "Dispatcher";
        3 Reviewer = "reviewer", "审核员", "Reviewer";
        4 Manager = "manager", "管理人员", "Manager";
        5 Warehouse = "warehouse", "物资部", "Warehouse";
        6 Administrator = "administrator", "系统管理员", "Administrator";
        7 System = "system", "系统", "System";
    }
}

text_enum! {
    /// One thing a person may do. Every route needs exactly one of these, or is public, or only
    /// needs a signed-in person.
    pub enum Permission {
        0 ReadOrders = "read_orders", "查看工单", "Read orders";
        1 WriteIntake = "write_intake", "受理登记", "Take requests in";
        2 EditDrafts = "edit_drafts", "编辑草稿", "Edit drafts";
        3 DispatchOrders = "dispatch_orders", "派工", "Dispatch orders";
        4 ReviewOrders = "review_orders", "审核归档", "Review and archive";
        5 RecordCallbacks = "record_callbacks", "回访登记", "Record call-backs";
        6 ReadExceptions = "read_exceptions", "查看例外", "Read exceptions";
        7 ResolveExceptions = "resolve_exceptions", "处理例外", "Resolve exceptions";
        8 ReadCustomers = "read_customers", "查询客户", "Read customers";
        9 UnmaskCustomers = "unmask_customers", "查看客户隐私", "See personal data";
        10 ReadStaff = "read_staff", "查看人员", "Read staff";
        11 ManageStaff = "manage_staff", "管理人员账号", "Manage staff";
        12 ReadDevices = "read_devices", "查看终端", "Read devices";
        13 ManageDevices = "manage_devices", "管理终端", "Manage devices";
        14 ReadNumbers = "read_numbers", "查看指标", "Read numbers";
        15 ManageImports = "manage_imports", "导入数据", "Import data";
        16 PushHotline = "push_hotline", "推送95598工单", "Push hotline orders";
        17 ManageSettings = "manage_settings", "系统设置", "Manage settings";
        18 ReadAudit = "read_audit", "查看审计", "Read audit";
        19 UsePhone = "use_phone", "使用手机端", "Use the phone";
        20 ReadCatalogues = "read_catalogues", "查看目录", "Read catalogues";
        21 ManageLabels = "manage_labels", "管理标签", "Manage labels";
    }
}

use Permission as P;

/// What a role may do.
#[rustfmt::skip]
pub const fn permissions(role: Role) -> &'static [Permission] {
    match role {
        Role::Electrician => &[P::UsePhone, P::ReadCatalogues],
        Role::Agent => &[P::ReadOrders, P::WriteIntake, P::EditDrafts, P::RecordCallbacks, P::ReadExceptions,
            P::ReadCustomers, P::UnmaskCustomers, P::PushHotline, P::ManageLabels, P::ReadCatalogues],
        Role::Dispatcher => &[P::ReadOrders, P::WriteIntake, P::EditDrafts, P::DispatchOrders, P::ReadExceptions,
            P::ResolveExceptions, P::ReadCustomers, P::UnmaskCustomers, P::ReadStaff, P::ReadDevices, P::ReadNumbers,
            P::ReadCatalogues],
        Role::Reviewer => &[P::ReadOrders, P::ReviewOrders, P::RecordCallbacks, P::ReadExceptions, P::ReadCustomers,
            P::ReadStaff, P::ReadNumbers, P::ReadCatalogues],
        Role::Manager => &[P::ReadOrders, P::ReadExceptions, P::ReadStaff, P::ReadDevices, P::ReadNumbers, P::ReadAudit,
            P::ReadCatalogues],
        Role::Warehouse => &[P::ReadOrders, P::ReadCatalogues],
        Role::Administrator => &[P::ReadOrders, P::WriteIntake, P::EditDrafts, P::DispatchOrders, P::ReviewOrders,
            P::RecordCallbacks, P::ReadExceptions, P::ResolveExceptions, P::ReadCustomers, P::UnmaskCustomers,
            P::ReadStaff, P::ManageStaff, P::ReadDevices, P::ManageDevices, P::ReadNumbers, P::ManageImports,
            P::PushHotline, P::ManageLabels, P::ManageSettings, P::ReadAudit, P::ReadCatalogues],
        Role::System => &[],
    }
}

/// Whether the role may do it.
pub fn may(role: Role, permission: Permission) -> bool {
    permissions(role).contains(&permission)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_somebodys() {
        for permission in Permission::ALL {
            assert!(
                Role::ALL.iter().any(|role| may(*role, *permission)),
                "{permission}"
            );
        }
    }

    #[test]
    fn electricians_stay_out_of_the_console() {
        assert!(!may(Role::Electrician, Permission::ReadOrders));
        assert!(permissions(Role::System).is_empty());
    }
}
