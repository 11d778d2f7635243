//! `GET /v1/wake`: a phone on duty holds one stream and hears that a scope it follows has moved. A
//! hint only: what moved comes by the next sync, and a poll finds it without any stream.

mod hub;

pub use hub::Wakes;

use crate::app::App;
use crate::auth::Actor;
use crate::error::{ApiError, ErrorBody};
use crate::feed;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

/// Mobile networks drop a silent connection after about five minutes; once a minute costs 20 bytes.
const KEEP_ALIVE: Duration = Duration::from_mins(1);
/// A stream ends after this long; the phone comes back and its session is asked again.
const LIFE: Duration = Duration::from_mins(30);

/// A line per moved scope: `user` (own orders) or `station` (archive).
#[utoipa::path(get, path = "/v1/wake", tag = "phone", responses(
    (status = 200, content_type = "text/event-stream", body = String), (status = 401, body = ErrorBody),
    (status = 503, body = ErrorBody)))]
pub async fn wake(
    State(app): State<App>,
    actor: Actor,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let mut scopes = vec![(feed::user_scope(actor.staff_id), "user")];
    let station = actor.station_id.map(feed::station_scope);
    scopes.extend(station.map(|scope| (scope, "station")));
    app.wakes.start(&app.store);
    let hints = app.wakes.follow(scopes)?;
    let (send, receive) = mpsc::channel(1);
    tokio::spawn(forward(Arc::clone(&app.wakes), hints, send));
    Ok(Sse::new(ReceiverStream::new(receive)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// Feeds one phone until it leaves, the server stops or the stream's life is over.
async fn forward(
    wakes: Arc<Wakes>,
    mut hints: mpsc::Receiver<&'static str>,
    outlet: mpsc::Sender<Result<Event, Infallible>>,
) {
    let mut closing = wakes.closing();
    let end = tokio::time::sleep(LIFE);
    tokio::pin!(end);
    loop {
        let hint = tokio::select! {
            hint = hints.recv() => hint,
            () = outlet.closed() => None,
            _ = closing.wait_for(|closing| *closing) => None,
            () = &mut end => None,
        };
        let Some(hint) = hint else {
            return;
        };
        if outlet.send(Ok(Event::default().data(hint))).await.is_err() {
            return;
        }
    }
}
