//! The person (or the server itself) behind a request.

use crate::error::ApiError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use dianma_schema::id::{DeviceId, StaffId, StationId};
use dianma_schema::permission::{Permission, Role, may};

/// Put into the request by `access::authorise`; an extractor in handlers.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person.
    pub staff_id: StaffId,
    /// Name shown on time lines.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// Home station, for station-bound roles.
    pub station_id: Option<StationId>,
    /// The phone, when the request came from one.
    pub device_id: Option<DeviceId>,
}

impl Actor {
    /// Whether the role has the permission.
    pub fn may(&self, permission: Permission) -> bool {
        may(self.role, permission)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(ApiError::unauthorized)
    }
}
