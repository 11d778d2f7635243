//! Sign-in, PIN, status, network class and duty.

use super::args::{Cli, Command, EnrolArgs, OnOff};
use super::output::Output;
use super::run::transport;
use crate::error::CoreError;
use crate::phone::Phone;
use crate::session::Enrolment;
use dianma_schema::fault;
use dianma_schema::time::format_minute;
use serde_json::json;

/// Runs one of them.
pub fn command(phone: &Phone, cli: &Cli, command: &Command) -> Result<Output, CoreError> {
    match command {
        Command::Enrol(options) => {
            let server = cli.server.clone().ok_or_else(|| {
                CoreError::of(fault::V_FIELD).field("server", "请给出服务器地址", "give --server")
            })?;
            let enrolment = Enrolment {
                login_name: options.login_name.clone(),
                password: password(options)?,
                model: options.model.clone(),
                os_version: options.os_version.clone(),
                server,
            };
            let mut transport = transport(phone, cli)?;
            phone.session().enrol(&mut transport, &enrolment)?;
            status(phone)
        }
        Command::Unlock { code } => {
            phone.session().unlock(code)?;
            Ok(Output::new(json!({"unlocked": true}), "已解锁"))
        }
        Command::Pin { code } => {
            if let Some(old) = &cli.pin {
                phone.session().unlock(old)?;
            }
            phone.session().set_pin(code)?;
            Ok(Output::new(json!({"pin_set": true}), "解锁码已设置"))
        }
        Command::SignOut => {
            phone.session().sign_out()?;
            Ok(Output::new(
                json!({"signed_out": true}),
                "已退出登录，未上传内容保留在手机",
            ))
        }
        Command::Net { class } => {
            let net = class.parse().map_err(|_| {
                CoreError::of(fault::V_FIELD).field(
                    "class",
                    "网络类型应为 gprs、three_g、four_g 或 wifi",
                    "gprs, three_g, four_g or wifi",
                )
            })?;
            phone.set_net_class(net)?;
            Ok(Output::new(
                json!({"net_class": net}),
                format!("网络类型：{}", net.zh()),
            ))
        }
        Command::Duty { state } => {
            let is_on = *state == OnOff::On;
            let saved = phone.orders().set_duty(is_on, cli.at)?;
            let text = if is_on { "已上岗" } else { "已离岗" };
            Ok(Output::new(json!({"saved": saved}), text))
        }
        _ => status(phone),
    }
}

fn password(options: &EnrolArgs) -> Result<String, CoreError> {
    if !options.password_stdin {
        return Ok(options.password.clone().unwrap_or_default());
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn status(phone: &Phone) -> Result<Output, CoreError> {
    let state = phone.session().state()?;
    let restored = phone.restored_at_ms()?;
    let files = phone.evidence().pending()?;
    let net = phone.net_class()?;
    let lists = phone.signed_lists()?;
    let text = state.as_ref().map_or_else(
        || "还没有登录".to_owned(),
        |s| {
            let lock = if s.is_locked { "，已锁定" } else { "" };
            let sign = if s.is_signed_in { "已登录" } else { "未登录" };
            format!(
                "{} {}（{}）{sign}{lock}\n待上传操作 {}，待上传凭证 {files}，网络 {}\n客户资料可用至 {}",
                s.station_name,
                s.display_name,
                s.login_name,
                s.pending_commands,
                net.zh(),
                format_minute(s.lease_until_ms),
            )
        },
    );
    let json = json!({
        "session": state,
        "restored_at_ms": restored,
        "pending_files": files,
        "net_class": net,
        "signed_lists": lists,
    });
    Ok(Output::new(json, text))
}
