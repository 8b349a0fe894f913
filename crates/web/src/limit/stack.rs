//! All layers in the one right order.

use axum::{Extension, Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use super::{TrustedProxies, access_log, csrf, headers, panic, request_id};

/// What differs between parts of the server.
#[derive(Clone, Default, Debug)]
pub struct Protection {
    /// Whose word on a client's address is taken.
    pub proxies: TrustedProxies,
    /// Whether a browser's cookie opens these routes. Deliveries carry a secret of their own and come from
    /// anywhere, so they need no check of the site.
    pub cookies: bool,
}

/// Puts every layer around a router: number, span, headers, panics, and the check of the site for cookies.
///
/// To be called once per router, after its routes and its fallback: layers reach only what is there before.
pub fn protect(router: Router, protection: Protection) -> Router {
    let router = if protection.cookies {
        router.layer(csrf::layer()).layer(middleware::from_fn(csrf::cookies_need_a_site))
    } else {
        router
    };
    router
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(Extension(protection.proxies))
        .layer(middleware::from_fn(headers::add))
        .layer(middleware::from_fn(access_log::record))
        .layer(middleware::from_fn(request_id::number))
}

#[cfg(test)]
mod tests;
