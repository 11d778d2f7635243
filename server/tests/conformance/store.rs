//! The store's promises: answers after the commit, errors and panics undo their own work only,
//! concurrent writers lose nothing.

use dianma_server::args;
use dianma_server::store::{Notice, Store, StoreError, Tx, savepoint};

crate::conformance!(
    a_failed_use_case_leaves_nothing,
    a_panic_rolls_back_its_own_work_only,
    a_failed_savepoint_keeps_the_rest,
    notices_come_after_the_commit_and_not_after_a_rollback,
    concurrent_writers_lose_no_update,
    text_sorts_by_bytes,
    reads_see_one_snapshot,
    short_reads_see_every_commit_and_wait_when_all_connections_are_taken,
);

fn put(store: &Store, name: &'static str, value: &'static str) -> Result<(), StoreError> {
    store.write_blocking(move |tx| {
        tx.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)",
            args![name, value],
        )?;
        Ok(())
    })
}

fn get(store: &Store, name: &'static str) -> Option<String> {
    store
        .read_blocking(move |tx| {
            tx.first(
                "SELECT value FROM settings WHERE name = ?1",
                args![name],
                |row| row.text(0),
            )
        })
        .map_err(|error: StoreError| error)
        .unwrap()
}

fn a_failed_use_case_leaves_nothing(store: &Store) {
    let outcome = store.write_blocking(|tx| -> Result<(), StoreError> {
        tx.execute(
            "INSERT INTO settings (name, value) VALUES ('a', '1')",
            args![],
        )?;
        Err(StoreError::Refused("on purpose".to_owned()))
    });
    assert!(matches!(outcome, Err(StoreError::Refused(_))));
    assert_eq!(get(store, "a"), None);
    put(store, "a", "2").unwrap();
    assert_eq!(get(store, "a").as_deref(), Some("2"));
}

fn a_panic_rolls_back_its_own_work_only(store: &Store) {
    put(store, "before", "1").unwrap();
    let outcome = store.write_blocking(|tx| -> Result<(), StoreError> {
        tx.execute(
            "INSERT INTO settings (name, value) VALUES ('during', '1')",
            args![],
        )?;
        panic!("on purpose");
    });
    assert!(matches!(outcome, Err(StoreError::Panicked)));
    assert_eq!(get(store, "during"), None);
    assert_eq!(get(store, "before").as_deref(), Some("1"));
    put(store, "after", "1").unwrap();
}

fn a_failed_savepoint_keeps_the_rest(store: &Store) {
    store
        .write_blocking(|tx| -> Result<(), StoreError> {
            tx.execute(
                "INSERT INTO settings (name, value) VALUES ('kept', '1')",
                args![],
            )?;
            let twice = savepoint(tx, |tx| -> Result<(), StoreError> {
                tx.execute(
                    "INSERT INTO settings (name, value) VALUES ('gone', '1')",
                    args![],
                )?;
                // A duplicate key aborts a whole PostgreSQL transaction unless a savepoint holds.
                tx.execute(
                    "INSERT INTO settings (name, value) VALUES ('kept', '2')",
                    args![],
                )?;
                Ok(())
            });
            assert!(matches!(twice, Err(StoreError::Engine(_))));
            tx.execute(
                "INSERT INTO settings (name, value) VALUES ('also', '1')",
                args![],
            )?;
            Ok(())
        })
        .unwrap();
    assert_eq!(get(store, "kept").as_deref(), Some("1"));
    assert_eq!(get(store, "gone"), None);
    assert_eq!(get(store, "also").as_deref(), Some("1"));
}

fn notices_come_after_the_commit_and_not_after_a_rollback(store: &Store) {
    let mut notices = store.notices();
    let list = |name: &str| Notice::List {
        name: name.to_owned(),
    };
    let refused = list("refused");
    let _ = store.write_blocking(move |tx| -> Result<(), StoreError> {
        tx.notify(refused.clone());
        Err(StoreError::Busy)
    });
    let taken = list("taken");
    store
        .write_blocking(move |tx| -> Result<(), StoreError> {
            tx.notify(taken.clone());
            Ok(())
        })
        .unwrap();
    // The PostgreSQL listener connects in the background: repeat until the first notice is heard.
    for _ in 0..200 {
        match notices.try_recv() {
            Ok(notice) => return assert_eq!(notice, list("taken")),
            Err(_) => {
                std::thread::sleep(std::time::Duration::from_millis(25));
                let again = list("taken");
                store
                    .write_blocking(move |tx| -> Result<(), StoreError> {
                        tx.notify(again.clone());
                        Ok(())
                    })
                    .unwrap();
            }
        }
    }
    panic!("no notice was heard");
}

fn concurrent_writers_lose_no_update(store: &Store) {
    const WRITERS: i64 = 8;
    const ROUNDS: i64 = 40;
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    store
                        .write_blocking(|tx| -> Result<(), StoreError> {
                            tx.execute(
                                "INSERT INTO counters (name, value) VALUES ('hits', 1) \
                                 ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
                                args![],
                            )?;
                            Ok(())
                        })
                        .unwrap();
                }
            });
        }
    });
    let hits = store.read_blocking(|tx| {
        tx.first(
            "SELECT value FROM counters WHERE name = 'hits'",
            args![],
            |row| row.int(0),
        )
    });
    assert_eq!(
        hits.map_err(|e: StoreError| e).unwrap(),
        Some(WRITERS * ROUNDS)
    );
}

fn text_sorts_by_bytes(store: &Store) {
    for (name, value) in [("Zb", "1"), ("a", "1"), ("中", "1"), ("B", "1"), ("é", "1")] {
        put(store, name, value).unwrap();
    }
    let names = store.read_blocking(|tx| {
        tx.all(
            "SELECT name FROM settings WHERE name <> 'epoch' ORDER BY name LIMIT 10",
            args![],
            |row| row.text(0),
        )
    });
    assert_eq!(
        names.map_err(|e: StoreError| e).unwrap(),
        ["B", "Zb", "a", "é", "中"]
    );
}

fn reads_see_one_snapshot(store: &Store) {
    put(store, "seen", "1").unwrap();
    let inner = store.clone();
    let counts = store.read_blocking(move |tx| -> Result<(i64, i64), StoreError> {
        let sql = "SELECT count(*) FROM settings";
        let before = tx.first(sql, args![], |row| row.int(0))?.unwrap_or(-1);
        inner.write_blocking(|tx| -> Result<(), StoreError> {
            tx.execute(
                "INSERT INTO settings (name, value) VALUES ('late', '1')",
                args![],
            )?;
            Ok(())
        })?;
        let after = tx.first(sql, args![], |row| row.int(0))?.unwrap_or(-2);
        Ok((before, after))
    });
    let (before, after) = counts.unwrap();
    assert_eq!(before, after);
}

fn short_reads_see_every_commit_and_wait_when_all_connections_are_taken(store: &Store) {
    const LONG_READS: usize = 16;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let values = |tx: &mut dyn Tx| -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM settings WHERE name IN ('one', 'two')";
        Ok(tx.first(sql, args![], |row| row.int(0))?.unwrap_or(-1))
    };
    put(store, "one", "1").unwrap();
    assert_eq!(runtime.block_on(store.read_short(values)).unwrap(), 1);
    put(store, "two", "1").unwrap();
    // More long reads than there are connections; each ends when the short one has been asked.
    let (ended, end) = std::sync::mpsc::channel::<()>();
    let end = std::sync::Arc::new(std::sync::Mutex::new(end));
    let found = std::thread::scope(|scope| {
        for _ in 0..LONG_READS {
            let end = std::sync::Arc::clone(&end);
            scope.spawn(move || {
                store.read_blocking(move |_| -> Result<(), StoreError> {
                    let _ = end.lock().unwrap().recv();
                    Ok(())
                })
            });
        }
        let short = runtime.spawn({
            let store = store.clone();
            async move { store.read_short(values).await }
        });
        std::thread::sleep(std::time::Duration::from_millis(50));
        drop(ended);
        runtime.block_on(short).unwrap()
    });
    assert_eq!(found.unwrap(), 2);
}
