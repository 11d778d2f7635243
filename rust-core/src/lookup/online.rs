//! A customer of another station, asked of the server by a number or code at hand. The server writes down
//! who asked; the answer is shown and not kept.

use super::{CustomerView, Lookup};
use crate::error::CoreError;
use crate::sync::transport::Transport;
use dianma_schema::fault;
use dianma_schema::order::{OrderKind, OrderState};
use serde::Deserialize;

/// An order of that customer, as far as others may know.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnlineOrder {
    /// 工单号.
    pub order_number: String,
    /// Kind.
    pub kind: OrderKind,
    /// State.
    pub state: OrderState,
    /// Taken in, epoch ms.
    pub taken_in_at_ms: i64,
}

#[derive(Deserialize)]
struct Body {
    customer: Told,
    work_orders: Vec<OnlineOrder>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(flatten)]
    customer: CustomerView,
    station_name: String,
}

/// What the server told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineCustomer {
    /// The customer.
    pub customer: CustomerView,
    /// 供电所.
    pub station_name: String,
    /// Orders, newest first.
    pub work_orders: Vec<OnlineOrder>,
}

impl Lookup {
    /// Asks the server about one customer. Blocking on the network.
    pub fn ask_server(
        &self,
        transport: &mut dyn Transport,
        text: &str,
    ) -> Result<OnlineCustomer, CoreError> {
        let told = self.scan_online(transport, text)?;
        let body: Body = serde_json::from_value(told)
            .map_err(|error| CoreError::of(fault::N_NOT_OURS).because(&error.to_string()))?;
        Ok(OnlineCustomer {
            customer: body.customer.customer,
            station_name: body.customer.station_name,
            work_orders: body.work_orders,
        })
    }
}
