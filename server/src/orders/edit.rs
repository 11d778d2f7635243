//! Editing an order (修改): a person corrects the draft before they decide. The version they saw must
//! be the current one; if not, they learn what somebody else changed meanwhile.

use super::act::{self, Office, act};
use super::change::change;
use super::draft;
use super::page::OrderBody;
use super::row::OrderRow;
use crate::app::App;
use crate::args;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody, FieldProblem};
use crate::extract::{Json as Body, PathId};
use crate::feed::Change;
use crate::store::{StoreError, Tx};
use axum::Json;
use axum::extract::State;
use dianma_schema::fault;
use dianma_schema::id::{PoleNumber, WorkOrderId, half_width};
use dianma_schema::order::{Command, OrderKind, Urgency};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// What to change; a field that is absent stays as it is. An empty text takes an optional value away.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    /// The version the person saw.
    pub version: i64,
    /// Kind; deadlines are set anew.
    pub kind: Option<OrderKind>,
    /// Subtype; deadlines are set anew.
    pub subtype: Option<String>,
    /// Urgency.
    pub urgency: Option<Urgency>,
    /// What is asked for.
    pub content: Option<String>,
    /// Number to call back.
    pub contact_phone: Option<String>,
    /// Where to go.
    pub address: Option<String>,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Appointment, epoch ms.
    pub appointment_at_ms: Option<i64>,
    /// What the dispatcher adds.
    pub dispatch_note: Option<String>,
}

impl EditBody {
    /// Names of the fields that are to change, for the time line: names only, no contents.
    fn names(&self) -> Vec<&'static str> {
        [
            ("kind", self.kind.is_some()),
            ("subtype", self.subtype.is_some()),
            ("urgency", self.urgency.is_some()),
            ("content", self.content.is_some()),
            ("contact_phone", self.contact_phone.is_some()),
            ("address", self.address.is_some()),
            ("pole_number", self.pole_number.is_some()),
            ("appointment_at_ms", self.appointment_at_ms.is_some()),
            ("dispatch_note", self.dispatch_note.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect()
    }
}

/// Edit a work order.
#[utoipa::path(patch, path = "/v1/work_orders/{id}", tag = "orders",
    params(("id" = WorkOrderId, Path)), request_body = EditBody, responses(
    (status = 200, body = OrderBody), (status = 404, body = ErrorBody),
    (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub async fn edit(
    State(app): State<App>,
    actor: Actor,
    PathId(id): PathId<WorkOrderId>,
    Body(body): Body<EditBody>,
) -> Result<Json<OrderBody>, ApiError> {
    act(&app, &actor, id, body.version, move |tx, office, order| {
        revise(tx, office, order, &body)
    })
    .await
}

/// Changes the given fields. Nothing given = nothing happens.
pub fn revise(
    tx: &mut dyn Tx,
    office: &Office,
    order: &mut OrderRow,
    body: &EditBody,
) -> Result<Vec<Change>, ApiError> {
    let names = body.names();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    if office.version.is_some_and(|seen| seen != order.version) {
        return Err(stale(tx, order, office)?);
    }
    let checked = check(body)?;
    let is_judged_anew = body.kind.is_some_and(|kind| kind != order.kind)
        || checked
            .subtype
            .as_ref()
            .is_some_and(|s| *s != order.subtype);
    let class = draft::customer_class(tx, order)?;
    let region = draft::region(tx)?;
    let step = office.step(Command::Edit, json!({ "fields": names }));
    change(tx, office.now_ms, order, &step, |order| {
        checked.apply(order);
        if is_judged_anew {
            draft::set_deadlines(order, class, &region);
        }
    })
}

/// 409 that says who changed what since the version the person saw.
fn stale(tx: &mut dyn Tx, order: &OrderRow, office: &Office) -> Result<ApiError, StoreError> {
    let seen = office.version.unwrap_or(0);
    let events = tx.all(
        "SELECT actor_name, command, detail FROM order_events \
         WHERE order_id = ?1 AND seq > ?2 ORDER BY seq DESC LIMIT 3",
        args![order.id.to_string(), seen],
        |row| {
            let detail: serde_json::Value = row.parse(2)?;
            Ok((row.text(0)?, row.text(1)?, detail))
        },
    )?;
    let told: Vec<(String, String)> = events
        .iter()
        .map(|(who, command, detail)| told(who, command, &changed_fields(detail)))
        .collect();
    let (zh, en): (Vec<String>, Vec<String>) = told.into_iter().unzip();
    let (now, zh, en) = (order.version, zh.join("；"), en.join("; "));
    Ok(ApiError::conflict(fault::S_VERSION).with_detail(
        format!("当前版本 {now}，您看到的是 {seen}：{zh}。请核对后重新保存"),
        format!("version {now} now, you saw {seen}: {en}. Look at it and save again"),
    ))
}

/// Who did what, to which fields: Chinese, English.
fn told(who: &str, command: &str, fields: &[(&str, &str)]) -> (String, String) {
    let command = command.parse::<Command>();
    let (zh, en) = command.map_or(("更新", "Update"), |c| (c.zh(), c.en()));
    let (names_zh, names_en): (Vec<&str>, Vec<&str>) = fields.iter().copied().unzip();
    if fields.is_empty() {
        return (format!("{who}已{zh}"), format!("{who}: {en}"));
    }
    (
        format!("{who}{zh}了{}", names_zh.join("、")),
        format!("{who}: {en} ({})", names_en.join(", ")),
    )
}

fn changed_fields(detail: &serde_json::Value) -> Vec<(&'static str, &'static str)> {
    let names = detail.get("fields").and_then(serde_json::Value::as_array);
    let words = names.into_iter().flatten().filter_map(|name| {
        Some(match name.as_str()? {
            "kind" => ("类型", "kind"),
            "subtype" => ("子类", "subtype"),
            "urgency" => ("紧急程度", "urgency"),
            "content" => ("内容", "content"),
            "contact_phone" => ("联系电话", "telephone"),
            "address" => ("地址", "address"),
            "pole_number" => ("杆号", "pole"),
            "appointment_at_ms" => ("预约时间", "appointment"),
            "dispatch_note" => ("派工说明", "dispatch note"),
            _ => return None,
        })
    });
    words.collect()
}

/// A text for an optional column; `None` takes the value away.
struct Cleared(Option<String>);

/// The fields of a body after checking; `None` = leave it.
struct Checked {
    kind: Option<OrderKind>,
    subtype: Option<String>,
    urgency: Option<Urgency>,
    content: Option<String>,
    contact_phone: Option<Cleared>,
    address: Option<Cleared>,
    pole_number: Option<Cleared>,
    appointment_at_ms: Option<i64>,
    dispatch_note: Option<Cleared>,
}

impl Checked {
    fn apply(self, order: &mut OrderRow) {
        order.kind = self.kind.unwrap_or(order.kind);
        order.urgency = self.urgency.unwrap_or(order.urgency);
        order.appointment_at_ms = self.appointment_at_ms.or(order.appointment_at_ms);
        set(&mut order.subtype, self.subtype);
        set(&mut order.content, self.content);
        set(
            &mut order.contact_phone,
            self.contact_phone.map(|text| text.0),
        );
        set(&mut order.address, self.address.map(|text| text.0));
        set(&mut order.pole_number, self.pole_number.map(|text| text.0));
        set(
            &mut order.dispatch_note,
            self.dispatch_note.map(|text| text.0),
        );
    }
}

fn set<T>(column: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *column = value;
    }
}

fn check(body: &EditBody) -> Result<Checked, ApiError> {
    let trimmed = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let (content, subtype) = (trimmed(&body.content), trimmed(&body.subtype));
    let address = trimmed(&body.address);
    let contact_phone = trimmed(&body.contact_phone).map(|text| half_width(&text));
    let pole_number = trimmed(&body.pole_number).map(|text| half_width(&text));
    let wrong = [
        (content.as_deref(), is_content as fn(&str) -> bool, CONTENT),
        (subtype.as_deref(), is_subtype, SUBTYPE),
        (contact_phone.as_deref(), is_phone, PHONE),
        (address.as_deref(), is_address, ADDRESS),
        (pole_number.as_deref(), is_pole, POLE),
    ];
    let problems: Vec<FieldProblem> = wrong
        .into_iter()
        .filter(|(text, is_good, _)| text.is_some_and(|text| !is_good(text)))
        .map(|(_, _, (field, zh, en))| FieldProblem {
            field: field.to_owned(),
            message: zh.to_owned(),
            message_en: en.to_owned(),
        })
        .collect();
    if !problems.is_empty() {
        return Err(ApiError::fields(problems));
    }
    let is_time = |at: i64| (0..=9_800_000_000_000).contains(&at);
    if !body.appointment_at_ms.is_none_or(is_time) {
        return Err(ApiError::field(
            "appointment_at_ms",
            "预约时间不正确",
            "Not a valid time",
        ));
    }
    let dispatch_note = match &body.dispatch_note {
        Some(text) => Some(Cleared(act::note("dispatch_note", Some(text))?)),
        None => None,
    };
    let filled = |text: String| Cleared((!text.is_empty()).then_some(text));
    Ok(Checked {
        kind: body.kind,
        subtype,
        urgency: body.urgency,
        content,
        contact_phone: contact_phone.map(filled),
        address: address.map(filled),
        pole_number: pole_number.map(filled),
        appointment_at_ms: body.appointment_at_ms,
        dispatch_note,
    })
}

type Text = (&'static str, &'static str, &'static str);
const CONTENT: Text = ("content", "请填写 1 到 2000 字", "1 to 2000 characters");
const SUBTYPE: Text = (
    "subtype",
    "子类只能用小写字母、数字和下划线",
    "Lower-case letters, digits and _ only",
);
const PHONE: Text = (
    "contact_phone",
    "电话应为 5 到 20 位数字；隐藏的号码不能存回",
    "5 to 20 digits; a masked number cannot be saved",
);
const ADDRESS: Text = (
    "address",
    "地址不能超过 200 字，也不能含 *",
    "At most 200 characters, without *",
);
const POLE: Text = ("pole_number", "杆号应为 1 到 40 字", "1 to 40 characters");

fn is_content(text: &str) -> bool {
    (1..=2_000).contains(&text.chars().count())
}

fn is_subtype(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.len() <= 40 && text.chars().all(is_word)
}

fn is_phone(text: &str) -> bool {
    let is_dialled = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ');
    text.is_empty() || (5..=20).contains(&text.len()) && text.chars().all(is_dialled)
}

fn is_address(text: &str) -> bool {
    text.chars().count() <= 200 && !text.contains('*')
}

fn is_pole(text: &str) -> bool {
    text.is_empty() || PoleNumber::parse(text).is_ok()
}
