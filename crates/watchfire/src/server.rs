//! The server: bind, open, put the plans in force, serve, drain.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio_util::sync::CancellationToken;
use watchfire_core::access::Role;
use watchfire_engine::{Engine, Error};
use watchfire_store::Store;
use watchfire_web::AppState;
use watchfire_web::limit::TrustedProxies;
use watchfire_web::serve::{Limits, Server, Tls};

use crate::cli::say;
use crate::config::ServeSettings;
use crate::{demo, logging, plan_folder, renewal, stop, wiring};

/// Runs until the process is told to stop, then finishes what runs.
///
/// # Errors
/// Something that is needed at the start is not there; the text says what and what to do.
pub(crate) async fn run(settings: ServeSettings) -> anyhow::Result<()> {
    logging::start(&settings.log, settings.log_json)?;
    let metrics = watchfire_web::telemetry::install(env!("CARGO_PKG_VERSION")).context("cannot start the metrics")?;
    let tls = match &settings.tls {
        Some((certificate, key)) => Some(Arc::new(Tls::load(certificate, key).context("cannot use the certificate")?)),
        None => None,
    };
    // The address is taken before the store is opened: the port that the system chose is part of the base address.
    let mut limits = Limits::default();
    limits.per_address = settings.connections_per_address.unwrap_or(limits.per_address);
    if let Some(tls) = &tls {
        renewal::on_signal(Arc::clone(tls))?;
    }
    let listener = Server::bind(settings.listen, tls, limits)
        .with_context(|| format!("cannot listen on {}; is another server running there?", settings.listen))?;
    let bound = listener.local_addr().context("cannot tell the address that is listened on")?;
    let base_url = settings.base_url_for(bound);
    let house = wiring::open(settings.store.clone(), base_url.clone(), settings.egress.load()?, settings.sign_in.clone()).await?;
    let outcome = serve(&settings, &house, listener, bound, metrics).await;
    house.close().await;
    outcome
}

async fn serve(
    settings: &ServeSettings,
    house: &wiring::House,
    listener: Server,
    bound: SocketAddr,
    metrics: watchfire_web::telemetry::Metrics,
) -> anyhow::Result<()> {
    let engine = &house.engine;
    if let Some(folder) = &settings.plans {
        put_in_force(engine, folder).await?;
    }
    greet(engine, settings.demo).await?;
    let (draining, stop) = (stop::on_signal()?, CancellationToken::new());
    let work = tokio::spawn({
        let (engine, stop) = (engine.clone(), stop.clone());
        async move { tokio::join!(engine.process_events(stop.clone()), engine.run_duties(stop)) }
    });
    let upkeep = tokio::spawn(keep_up(metrics.clone()));
    if settings.demo {
        tokio::spawn(demo::play(engine.clone(), bound, settings.tls.is_some(), draining.clone()));
    }
    let state = AppState::new(engine.clone(), metrics, TrustedProxies::new(&settings.trusted_proxies));
    if !bound.ip().is_loopback() && !engine.base_url().starts_with("https://") {
        tracing::warn!(
            "tokens and sessions cross the network in the clear: give --tls-cert and --tls-key, or a --base-url of a proxy with TLS"
        );
    }
    tracing::info!(address = %bound, version = env!("CARGO_PKG_VERSION"), "listening");
    let broken = tokio::spawn(end_when_storage_fails(house.store.clone(), draining.clone()));
    let drained = listener.run(watchfire_web::router(state), draining).await;
    // Deliveries that came in last are processed after a restart; what is being processed ends first.
    stop.cancel();
    upkeep.abort();
    work.await.context("the work in the background broke off")?;
    tracing::info!(connections_cut = drained.cut, "stopped");
    if broken.is_finished() {
        let error = broken.await.context("waiting for a failure of storage broke off")?;
        return Err(error).context("storage failed; check the disk and start again: what was accepted before is kept");
    }
    broken.abort();
    Ok(())
}

/// Drains the server when storage has failed for good: a supervisor then starts a process that reads what is really there.
async fn end_when_storage_fails(store: Store, draining: CancellationToken) -> watchfire_store::Error {
    let error = store.stopped().await;
    tracing::error!(%error, "storage failed; nothing more is accepted and the process ends");
    draining.cancel();
    error
}

/// Bytes of a block that the allocator gives straight back when it is freed.
const LARGE_BLOCK: usize = 4 * 1024 * 1024;

/// Folds what the metrics have collected, so that a server that nobody scrapes does not grow, and lets the allocator give back what
/// is free. It does so a second after the freeing, but looks for it only when a large block is freed: a server that fell idle after
/// a storm of alerts held 225 MB, with this about half.
async fn keep_up(metrics: watchfire_web::telemetry::Metrics) {
    let mut turns = tokio::time::interval(Duration::from_secs(5));
    loop {
        turns.tick().await;
        metrics.upkeep();
        drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE_BLOCK)));
    }
}

/// Puts a folder of plans in force unless it is already.
async fn put_in_force(engine: &Engine, folder: &Path) -> anyhow::Result<()> {
    let files = plan_folder::read(folder)?;
    if engine.plans().files == files {
        return Ok(());
    }
    match engine.plans_apply(&wiring::machine(), files).await {
        Ok(version) => {
            tracing::info!(plans.version = %version.version, "plans are in force");
            Ok(())
        }
        Err(Error::Plans(faults)) => {
            let lines: Vec<String> = faults.iter().map(|fault| format!("  {}/{fault}", folder.display())).collect();
            bail!("the plans in {} have faults:\n{}", folder.display(), lines.join("\n"))
        }
        Err(error) => Err(error).context("cannot put the plans in force"),
    }
}

/// Prints the address, and while nobody has a credential a one-time link to sign in with.
async fn greet(engine: &Engine, demo: bool) -> anyhow::Result<()> {
    let base = engine.base_url();
    let fresh = engine.tokens(&wiring::machine()).await?.is_empty();
    let mut lines = vec![format!("Watchfire {} listens on {base}", env!("CARGO_PKG_VERSION"))];
    if !demo && !engine.has_people().await? {
        if let Some(link) = engine.setup_link().await? {
            lines.push(format!("Set up, within a day: {link}"));
        }
    } else if fresh || demo {
        // A person of another login may be there already; the link's own has to be one too.
        engine.ensure_owner("owner@localhost").await?;
        let path = engine.sign_in_link(&wiring::machine(), "owner@localhost", Role::Owner).await?;
        lines.push(format!("Sign in once, within 15 minutes: {base}{path}"));
    }
    if demo {
        lines.push("A practice incident begins now, marked as a drill: watch it in the console".to_owned());
    }
    say(&lines);
    Ok(())
}
