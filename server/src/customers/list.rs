//! `GET /v1/customers`: the search box and the plain list, masked for people without the right to
//! personal data.

use super::areas::{Names, names};
use super::row::{self, COLUMNS, CustomerRow};
use super::search::{Ask, Hit, search};
use super::terms::Match;
use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::extract::{Query, Search};
use crate::page::{self, Meta};
use crate::store::{MAX_LIST, StoreError, Tx, Value, in_list};
use axum::Json;
use axum::extract::State;
use dianma_schema::customer::CustomerClass;
use dianma_schema::id::{AreaId, CustomerId, StationId};
use dianma_schema::intake::SupplyState;
use dianma_schema::masking::{mask_address, mask_name, mask_phone};
use dianma_schema::permission::Permission;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// Filter and page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CustomersQuery {
    /// Account, meter, phone or pole number, pinyin initials, name, address, or several of them; never in
    /// the address of the request, see [`Search`].
    #[serde(skip)]
    #[param(ignore)]
    pub q: Option<String>,
    /// Only this station.
    pub station_id: Option<StationId>,
    /// Only this transformer area.
    pub area_id: Option<AreaId>,
    /// 1 to 200.
    pub limit: Option<i64>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// A customer in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerView {
    /// Id.
    pub id: CustomerId,
    /// 户号.
    pub account_number: String,
    /// 户名, masked without the right to see it.
    pub account_name: String,
    /// Masked for everybody; `unmask` shows it and is audited.
    pub contact_phone: Option<String>,
    /// Masked without the right to see it.
    pub supply_address: String,
    /// Class.
    pub customer_class: CustomerClass,
    /// Whether it is supplied.
    pub supply_state: SupplyState,
    /// Transformer area.
    pub area_id: AreaId,
    /// Its name.
    pub area_name: String,
    /// Station.
    pub station_id: StationId,
    /// Its name.
    pub station_name: String,
    /// 杆号.
    pub pole_number: Option<String>,
    /// Installed meters.
    pub meter_numbers: Vec<String>,
    /// Unpaid, fen.
    pub arrears_fen: i64,
    /// Orders not yet archived or cancelled.
    pub open_orders: i64,
    /// Why it was found; `null` in a plain list.
    #[serde(rename = "match")]
    pub found_by: Option<Match>,
}

/// A page of customers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomersBody {
    /// Best match first, else by id.
    pub customers: Vec<CustomerView>,
    /// Page data.
    pub meta: Meta,
}

/// Search or list customers.
#[utoipa::path(get, path = "/v1/customers", tag = "customers", params(
    CustomersQuery,
    ("x-dianma-search" = Option<String>, Header, description = "Account, meter, phone or pole number, pinyin initials, name, address, or several of them; percent-encoded UTF-8")
), responses(
    (status = 200, body = CustomersBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn customers(
    State(app): State<App>,
    actor: Actor,
    Query(mut query): Query<CustomersQuery>,
    Search(text): Search,
) -> Result<Json<CustomersBody>, ApiError> {
    query.q = text;
    let is_masked = !actor.may(Permission::UnmaskCustomers);
    let body = app
        .store
        .read(move |tx| read_page(tx, &query, is_masked))
        .await?;
    Ok(Json(body))
}

/// One page of the list or of a search.
pub fn read_page(
    tx: &mut dyn Tx,
    query: &CustomersQuery,
    is_masked: bool,
) -> Result<CustomersBody, ApiError> {
    let limit = page::limit(query.limit)?;
    let text = query.q.as_deref().unwrap_or_default().trim();
    if !text.is_empty() {
        let ask = Ask {
            text: text.to_owned(),
            station_id: query.station_id,
            area_id: query.area_id,
            limit: usize::try_from(limit).unwrap_or(1),
            cursor: query.cursor.clone(),
        };
        let found = search(tx, &ask)?;
        let meta = Meta {
            next_cursor: found.next_cursor,
            total: None,
        };
        let customers = views(tx, found.hits, is_masked)?;
        return Ok(CustomersBody { customers, meta });
    }
    let after = page::read_cursor::<1>(query.cursor.as_deref())?;
    let is_first = after.is_none();
    let [after] = after.unwrap_or_default();
    let mut rows = plain(tx, query, &after, limit + 1)?;
    let mut meta = page::finish(&mut rows, limit, |row| page::cursor(&[&row.id.to_string()]));
    if is_first {
        meta.total = count(tx, query)?;
    }
    let customers = plain_views(tx, rows, is_masked)?;
    Ok(CustomersBody { customers, meta })
}

/// The most exact filter, as an index serves it: an area lies in one station.
fn filter(query: &CustomersQuery) -> (&'static str, String) {
    match (query.area_id, query.station_id) {
        (Some(area), _) => ("c.area_id = ?1", area.to_string()),
        (None, Some(station)) => ("c.station_id = ?1", station.to_string()),
        (None, None) => ("?1 = ''", String::new()),
    }
}

fn plain(
    tx: &mut dyn Tx,
    query: &CustomersQuery,
    after: &str,
    limit: i64,
) -> Result<Vec<CustomerRow>, StoreError> {
    let (fits, value) = filter(query);
    let sql = format!(
        "SELECT {COLUMNS} FROM customers c WHERE {fits} AND c.id > ?2 ORDER BY c.id LIMIT ?3"
    );
    tx.all(
        &sql,
        &[value.into(), after.into(), limit.into()],
        CustomerRow::read,
    )
}

fn count(tx: &mut dyn Tx, query: &CustomersQuery) -> Result<Option<i64>, StoreError> {
    let (fits, value) = filter(query);
    let sql = format!("SELECT count(*) FROM customers c WHERE {fits}");
    tx.first(&sql, &[value.into()], |row| row.int(0))
}

fn plain_views(
    tx: &mut dyn Tx,
    rows: Vec<CustomerRow>,
    is_masked: bool,
) -> Result<Vec<CustomerView>, StoreError> {
    let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
    let mut meters = row::meter_numbers(tx, &ids)?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let numbers = meters.remove(&row.id).unwrap_or_default();
            (row, numbers, None)
        })
        .collect();
    finish(tx, rows, is_masked)
}

fn views(
    tx: &mut dyn Tx,
    hits: Vec<Hit>,
    is_masked: bool,
) -> Result<Vec<CustomerView>, StoreError> {
    let rows = hits
        .into_iter()
        .map(|hit| (hit.customer, hit.meter_numbers, Some(hit.reason)))
        .collect();
    finish(tx, rows, is_masked)
}

type Found = (CustomerRow, Vec<String>, Option<Match>);

fn finish(
    tx: &mut dyn Tx,
    rows: Vec<Found>,
    is_masked: bool,
) -> Result<Vec<CustomerView>, StoreError> {
    let areas: Vec<AreaId> = rows.iter().map(|(row, ..)| row.area_id).collect();
    let ids: Vec<CustomerId> = rows.iter().map(|(row, ..)| row.id).collect();
    let names = names(tx, &areas)?;
    let open = open_orders(tx, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(row, meters, found_by)| {
            let open = open.get(&row.id).copied().unwrap_or(0);
            let mut view = view(row, meters, &names, open, is_masked);
            view.found_by = found_by;
            view
        })
        .collect())
}

fn open_orders(
    tx: &mut dyn Tx,
    ids: &[CustomerId],
) -> Result<HashMap<CustomerId, i64>, StoreError> {
    let values: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
    let mut found = HashMap::new();
    for part in values.chunks(MAX_LIST) {
        if let Some((list, padded)) = in_list(part) {
            let sql = format!(
                "SELECT customer_id, count(*) FROM work_orders WHERE is_open = 1 \
                 AND customer_id IN {list} GROUP BY customer_id"
            );
            found.extend(tx.all(&sql, &padded, |row| Ok((row.parse(0)?, row.int(1)?)))?);
        }
    }
    Ok(found)
}

/// A customer as people see it.
pub fn view(
    row: CustomerRow,
    meter_numbers: Vec<String>,
    names: &Names,
    open_orders: i64,
    is_masked: bool,
) -> CustomerView {
    let show = |text: String, mask: fn(&str) -> String| if is_masked { mask(&text) } else { text };
    CustomerView {
        id: row.id,
        account_number: row.account_number,
        account_name: show(row.account_name, mask_name),
        contact_phone: row.contact_phone.as_deref().map(mask_phone),
        supply_address: show(row.supply_address, mask_address),
        customer_class: row.customer_class,
        supply_state: row.supply_state,
        area_id: row.area_id,
        area_name: names.areas.get(&row.area_id).cloned().unwrap_or_default(),
        station_id: row.station_id,
        station_name: names
            .stations
            .get(&row.station_id)
            .cloned()
            .unwrap_or_default(),
        pole_number: row.pole_number,
        meter_numbers,
        arrears_fen: row.arrears_fen,
        open_orders,
        found_by: None,
    }
}

/// One customer as people see it.
pub fn view_one(
    tx: &mut dyn Tx,
    customer: CustomerRow,
    is_masked: bool,
) -> Result<CustomerView, StoreError> {
    let mut views = plain_views(tx, vec![customer], is_masked)?;
    views
        .pop()
        .ok_or_else(|| StoreError::Engine("a customer has no view".to_owned()))
}
