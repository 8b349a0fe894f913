//! Names to addresses, once per connection, checked in between.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use super::Exceptions;
use super::address::forbidden;

/// Looks names up; the system's, or a test's.
pub trait Resolver: Send + Sync {
    /// Returns all addresses of a name; none is no error.
    ///
    /// # Errors
    /// When nobody can be asked.
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// Asks the system.
#[derive(Clone, Copy, Default, Debug)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// The resolver as the HTTP client takes it: what it returns is what is connected to, so a name cannot point
/// elsewhere between the check and the connection.
pub(super) struct Checked {
    pub(super) resolver: Arc<dyn Resolver>,
    pub(super) exceptions: Arc<Exceptions>,
}

/// Why a name was not connected to; found again in the chain of the client's error.
#[derive(Debug, Error)]
pub(super) enum NotResolved {
    #[error("no address")]
    Unknown,
    #[error("{0}")]
    Forbidden(&'static str),
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, exceptions) = (Arc::clone(&self.resolver), Arc::clone(&self.exceptions));
        Box::pin(async move {
            let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let addresses = resolver.resolve(&host).await.map_err(|_| NotResolved::Unknown)?;
            let mut permitted: Vec<SocketAddr> = Vec::with_capacity(addresses.len());
            let mut refused = None;
            for address in addresses {
                match forbidden(address) {
                    Some(what) if !exceptions.names(&host) && !exceptions.permits(address) => refused = Some(what),
                    _ => permitted.push(SocketAddr::new(address, 0)),
                }
            }
            match (permitted.is_empty(), refused) {
                (true, Some(what)) => Err(NotResolved::Forbidden(what).into()),
                (true, None) => Err(NotResolved::Unknown.into()),
                // A name with public and private addresses is called at the public ones alone.
                (false, _) => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}
