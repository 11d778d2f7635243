//! `GET /v1/events`: the console's live stream as server-sent events.

use super::hub::{Hub, Live, Subscription};
use crate::app::App;
use crate::error::{ApiError, ErrorBody};
use crate::store::Notice;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

/// A comment this often keeps gateways from closing the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A stream ends after this long; the browser comes back by itself and its session is asked again.
const LIFE: Duration = Duration::from_mins(10);
/// Events that may wait for a slow browser before it has to start over.
const BUFFER: usize = 256;

/// Live notices: `order` and `list` events carry a notice, `reset` says to read everything again.
#[utoipa::path(get, path = "/v1/events", tag = "live", responses(
    (status = 200, content_type = "text/event-stream", body = String), (status = 401, body = ErrorBody)))]
pub async fn events(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    app.live.start(&app.store)?;
    let last_id = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let share = app.live.subscribe(last_id);
    let (send, receive) = mpsc::channel(BUFFER);
    tokio::spawn(forward(Arc::clone(&app.live), share, send));
    let alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(ReceiverStream::new(receive)).keep_alive(alive))
}

type Outlet = mpsc::Sender<Result<Event, Infallible>>;

/// Feeds one browser until it leaves, the server stops or the stream's life is over.
async fn forward(hub: Arc<Hub>, mut share: Subscription, outlet: Outlet) {
    let end = tokio::time::sleep(LIFE);
    tokio::pin!(end);
    for live in share.missed {
        if outlet.send(Ok(event(&hub, &live))).await.is_err() {
            return;
        }
    }
    loop {
        let live = tokio::select! {
            received = share.coming.recv() => match received {
                Ok(live) => live,
                Err(RecvError::Lagged(_)) => Live::Reset { n: 0 },
                Err(RecvError::Closed) => return,
            },
            () = outlet.closed() => return,
            _ = share.closing.wait_for(|closing| *closing) => return,
            () = &mut end => return,
        };
        if outlet.send(Ok(event(&hub, &live))).await.is_err() {
            return;
        }
    }
}

fn event(hub: &Hub, live: &Live) -> Event {
    let id = hub.id_of(live.n());
    match live {
        Live::Reset { .. } => Event::default().event("reset").id(id).data("{}"),
        Live::Notice { notice, .. } => {
            let name = match notice {
                Notice::Order { .. } => "order",
                Notice::List { .. } => "list",
                Notice::Scope { .. } => "scope",
            };
            let data = serde_json::to_string(notice).unwrap_or_else(|_| "{}".to_owned());
            Event::default().event(name).id(id).data(data)
        }
    }
}
