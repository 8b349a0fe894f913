//! Measures durable ingest: events per second at 1, 64 and 256 senders, beside the probes F and C.
//!
//! F is how often the disk can sync a small write; C is the same run on a file system in memory, where syncing costs
//! nothing. Usage: `append [--postgres URL] [--seconds N] [--bytes N] [--dir DIR] [--memory DIR]`.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use watchfire_core::event::Status;
use watchfire_core::id::{EventId, SourceId};
use watchfire_core::source::Headers;
use watchfire_core::time::{Clock, Timestamp};
use watchfire_store::event::NewEvent;
use watchfire_store::{Settings, Store};

struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "a measurement runs on the wall clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct Options {
    postgres: Option<String>,
    time: Duration,
    bytes: usize,
    dir: PathBuf,
    memory: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let f = probe_sync(&options.dir, Duration::from_secs(2))?;
    print(&format!("F = {f:.0} fdatasync/s, bodies of {} bytes", options.bytes));
    for senders in [1, 64, 256] {
        let disk = run(&options, &options.dir, None, senders).await?;
        let memory = run(&options, &options.memory, None, senders).await?;
        print(&format!(
            "SQLite      {senders:>3} senders: {disk:>7.0}/s = {:>5.1} F; in memory {memory:>7.0}/s; {:.2} C",
            disk / f,
            disk / memory
        ));
        if let Some(url) = &options.postgres {
            let rate = run(&options, &options.dir, Some(url), senders).await?;
            print(&format!(
                "PostgreSQL  {senders:>3} senders: {rate:>7.0}/s = {:>5.1} F; {:.2} C of SQLite",
                rate / f,
                rate / memory
            ));
        }
    }
    Ok(())
}

async fn run(options: &Options, dir: &Path, postgres: Option<&String>, senders: usize) -> Result<f64, Box<dyn Error>> {
    let home = dir.join(format!("watchfire-append-{}-{senders}", std::process::id()));
    let mut settings = Settings::new(home.join("data"));
    settings.database_url = postgres.cloned();
    // One key for all runs on the same PostgreSQL database.
    settings.key_file = postgres.map(|_| dir.join("watchfire-append.key"));
    let store = Store::open(settings, Arc::new(Wall)).await?;
    let (stop, count, made) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let began = Instant::now();
    let tasks: Vec<_> = (0..senders)
        .map(|sender| {
            let (store, stop, count, made) = (store.clone(), Arc::clone(&stop), Arc::clone(&count), Arc::clone(&made));
            let body = Bytes::from(vec![b'x'; options.bytes]);
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let number = made.fetch_add(1, Ordering::Relaxed);
                    let event = new_event(sender as u64 % 8, number, body.clone());
                    if store.append_event(event).await.is_ok() {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(options.time).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await?;
    }
    let rate = count.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    store.close().await;
    std::fs::remove_dir_all(&home)?;
    Ok(rate)
}

fn new_event(source: u64, number: u64, body: Bytes) -> NewEvent {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&number.to_be_bytes());
    let now = Wall.now();
    NewEvent {
        id: EventId::from_parts(now.as_millisecond().unsigned_abs(), random),
        source: SourceId::from_parts(source, [7; 10]),
        received_at: now,
        trust: "signed".to_owned(),
        delivery_id: Some(format!("{}-{number}", now.as_nanosecond())),
        headers: [("content-type", "application/json"), ("user-agent", "Alertmanager/0.28.0")].into_iter().collect::<Headers>(),
        body,
        status: Status::Pending,
        reason: None,
    }
}

/// How often per second a small append can be made durable.
fn probe_sync(dir: &Path, time: Duration) -> Result<f64, Box<dyn Error>> {
    let path = dir.join(format!("watchfire-sync-{}", std::process::id()));
    let mut file = File::create(&path)?;
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        file.write_all(&[1; 4_096])?;
        file.sync_data()?;
        count += 1;
    }
    std::fs::remove_file(&path)?;
    Ok(f64::from(count) / began.elapsed().as_secs_f64())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        postgres: None,
        time: Duration::from_secs(5),
        bytes: 2_048,
        dir: std::env::current_dir()?,
        memory: PathBuf::from("/dev/shm"),
    };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let value = args.next().ok_or("each option needs a value")?;
        match name.as_str() {
            "--postgres" => options.postgres = Some(value),
            "--seconds" => options.time = Duration::from_secs(value.parse()?),
            "--bytes" => options.bytes = value.parse()?,
            "--dir" => options.dir = value.into(),
            "--memory" => options.memory = value.into(),
            other => return Err(format!("unknown option {other}").into()),
        }
    }
    Ok(options)
}

#[expect(clippy::print_stdout, reason = "a measurement is printed")]
fn print(line: &str) {
    println!("{line}");
}
