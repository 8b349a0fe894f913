//! Connections that speak something else than HTTP, such as mail: checked like every other way out.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::address::forbidden;
use super::{Egress, EgressError};

impl Egress {
    /// Connects to a host that the operator has set: to addresses of the public internet, and to others only where the
    /// egress settings permit the host or its network. What was checked is what is connected to.
    ///
    /// # Errors
    /// No address may be called or none answers in time.
    pub(crate) async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, EgressError> {
        let connecting = async {
            let mut last = EgressError::Resolve { host: host.to_owned() };
            for address in self.permitted(host).await? {
                match TcpStream::connect(SocketAddr::new(address, port)).await {
                    Ok(stream) => {
                        stream.set_nodelay(true).ok();
                        return Ok(stream);
                    }
                    Err(error) => last = EgressError::Connect { host: host.to_owned(), reason: error.kind().to_string() },
                }
            }
            Err(last)
        };
        tokio::time::timeout(self.limits.connect, connecting)
            .await
            .unwrap_or_else(|_| Err(EgressError::Connect { host: host.to_owned(), reason: "no connection in time".to_owned() }))
    }

    /// Puts TLS over a connection; the certificate has to be one of the host's that a trusted authority has signed.
    ///
    /// # Errors
    /// The certificate or the handshake does not hold, or it takes too long.
    pub(crate) async fn secure(&self, stream: TcpStream, host: &str) -> Result<TlsStream<TcpStream>, EgressError> {
        let failed = |reason: String| EgressError::Connect { host: host.to_owned(), reason };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| failed("no name for TLS".to_owned()))?;
        let handshake = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream);
        match tokio::time::timeout(self.limits.connect, handshake).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(_) => Err(failed("no TLS handshake in time".to_owned())),
        }
    }

    /// Returns how long a whole exchange may take.
    pub(crate) fn total_limit(&self) -> std::time::Duration {
        self.limits.total
    }

    /// Says whether a host is this machine itself.
    pub(crate) fn is_loopback(host: &str) -> bool {
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    async fn permitted(&self, host: &str) -> Result<Vec<IpAddr>, EgressError> {
        let addresses = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => {
                let resolved = self.resolver.resolve(host).await;
                resolved.map_err(|_| EgressError::Resolve { host: host.to_owned() })?
            }
        };
        let mut permitted = Vec::new();
        let mut refused = None;
        for address in addresses {
            match forbidden(address) {
                Some(what) if !self.exceptions.names(host) && !self.exceptions.permits(address) => refused = Some(what),
                _ => permitted.push(address),
            }
        }
        match (permitted.is_empty(), refused) {
            (true, Some(what)) => Err(EgressError::Address { host: host.to_owned(), what }),
            (true, None) => Err(EgressError::Resolve { host: host.to_owned() }),
            (false, _) => Ok(permitted),
        }
    }
}
