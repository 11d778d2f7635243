//! Random outboxes over a bad line: batches come twice, out of order, with holes, while the office
//! takes orders away. Whatever happens, an order's life is a path of the lifecycle table, a command
//! has one verdict and at most one effect, and numbers stay dense.

use super::fixture::{County, Phone, encoded, evidence, record, whole_job};
use dianma_schema::id::WorkOrderId;
use dianma_schema::order::lifecycle;
use dianma_schema::order::{Command, OrderKind, OrderState};
use dianma_schema::permission::Role;
use dianma_schema::wire::command::Body;
use dianma_schema::wire::sync::CommandResult;
use dianma_server::args;
use dianma_server::store::{Store, StoreError};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};

crate::conformance!(bad_lines_never_make_an_illegal_path_or_a_double_effect);

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    /// The person does something on an order; the number picks what.
    Do { order: usize, what: usize },
    /// The next steps of a whole job, as a person would do them.
    Work { order: usize, steps: usize },
    /// The phone sends a stretch of its outbox, garbled in one way.
    Send {
        back: usize,
        count: usize,
        garble: Garble,
    },
    /// The office gives the order to somebody else.
    Reassign { order: usize },
}

#[derive(Clone, Debug)]
enum Garble {
    None,
    Twice(usize),
    Without(usize),
    Swapped(usize, usize),
    Backwards,
}

fn garble() -> impl Strategy<Value = Garble> {
    prop_oneof![
        4 => Just(Garble::None),
        1 => (0..20usize).prop_map(Garble::Twice),
        1 => (0..20usize).prop_map(Garble::Without),
        1 => (0..20usize, 0..20usize).prop_map(|(a, b)| Garble::Swapped(a, b)),
        1 => Just(Garble::Backwards),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..2usize, 0..14usize).prop_map(|(order, what)| Act::Do { order, what }),
        2 => (0..2usize, 1..9usize).prop_map(|(order, steps)| Act::Work { order, steps }),
        4 => (0..30usize, 1..40usize, garble())
            .prop_map(|(back, count, garble)| Act::Send { back, count, garble }),
        1 => (0..2usize).prop_map(|order| Act::Reassign { order }),
    ]
}

fn body(county: &County, what: usize) -> Body {
    let mut all = whole_job(county);
    all.extend([
        Body::Resume,
        Body::Redo,
        Body::Note("生成".to_owned()),
        Body::RequestReassignment("生成".to_owned()),
        record(&[("measures", "生成")]),
        evidence(3, "extra", "photo"),
    ]);
    all.swap_remove(what % all.len())
}

/// A phone whose outbox is resent at will, and every verdict it ever heard.
struct World<'a> {
    county: &'a County,
    phone: Phone,
    orders: [WorkOrderId; 2],
    outbox: Vec<Vec<u8>>,
    heard: BTreeMap<u64, CommandResult>,
}

impl World<'_> {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Do { order, what } => self.put(*order, body(self.county, *what)),
            Act::Work { order, steps } => {
                for body in whole_job(self.county).into_iter().take(*steps) {
                    self.put(*order, body);
                }
            }
            Act::Send {
                back,
                count,
                garble,
            } => self.send(*back, *count, garble),
            Act::Reassign { order } => {
                let order = self.orders[*order];
                let state = self.county.load(order).state;
                let role = Role::Dispatcher;
                if lifecycle::apply(state, Command::Reassign, role).is_ok() {
                    self.county.reassign(order);
                }
            }
        }
    }

    fn put(&mut self, order: usize, body: Body) {
        let mut command = self.phone.command(Some(self.orders[order]), body);
        command.depends_on = (command.n > 1 && command.n.is_multiple_of(3)).then(|| command.n - 1);
        self.outbox.push(encoded(&command));
    }

    fn send(&mut self, back: usize, count: usize, garble: &Garble) {
        let from = self.outbox.len().saturating_sub(back);
        let mut batch: Vec<Vec<u8>> = self.outbox.iter().skip(from).take(count).cloned().collect();
        let len = batch.len();
        match garble {
            Garble::Twice(at) if len > 0 => batch.push(batch[at % len].clone()),
            Garble::Without(at) if len > 0 => drop(batch.remove(at % len)),
            Garble::Swapped(a, b) if len > 0 => batch.swap(a % len, b % len),
            Garble::Backwards => batch.reverse(),
            _ => {}
        }
        for result in self.phone.push_raw(self.county, batch).results {
            let first = self.heard.entry(result.n).or_insert_with(|| result.clone());
            assert_eq!(*first, result, "a number has one verdict");
        }
    }

    /// The line is good at last: everything goes out and nothing stays open.
    fn drain(&mut self) {
        let reply = self.phone.push_raw(self.county, self.outbox.clone());
        assert_eq!(reply.results.len(), self.outbox.len());
        assert!(reply.resend_from.is_none() && reply.fault.is_none());
    }
}

/// `(seq, command, from, to, n)` of an order's time line.
fn events(county: &County, order: WorkOrderId) -> Vec<(i64, String, OrderState, OrderState, i64)> {
    let rows = county.store.read_blocking(move |tx| {
        tx.all(
            "SELECT seq, command, from_state, to_state, detail FROM order_events \
             WHERE order_id = ?1 ORDER BY seq LIMIT 10000",
            args![order.to_string()],
            |row| {
                let detail: serde_json::Value =
                    serde_json::from_str(&row.text(4)?).unwrap_or_default();
                let n = detail["n"].as_i64().unwrap_or(0);
                Ok((row.int(0)?, row.text(1)?, row.parse(2)?, row.parse(3)?, n))
            },
        )
    });
    rows.map_err(|error: StoreError| error).unwrap()
}

fn check_path(county: &County, order: WorkOrderId) {
    let mut state = OrderState::Draft;
    let mut numbers = Vec::new();
    let events = events(county, order);
    for (at, (seq, command, from, to, n)) in (1..).zip(&events) {
        assert_eq!(*seq, at, "the time line is dense");
        assert_eq!(*from, state, "each step begins where the last one ended");
        let next = match command.parse::<Command>() {
            Ok(command) => Role::ALL
                .iter()
                .find_map(|role| lifecycle::apply(*from, command, *role).ok()),
            Err(_) => Some(*from),
        };
        assert_eq!(Some(*to), next, "{command}");
        state = *to;
        numbers.extend((*n > 0).then_some(*n));
    }
    let effects = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), effects, "a command has at most one effect");
    let stored = county.load(order);
    assert_eq!(stored.state, state);
    assert_eq!(stored.version, i64::try_from(events.len()).unwrap());
}

fn bad_lines_never_make_an_illegal_path_or_a_double_effect(store: &Store) {
    static SEED: AtomicU8 = AtomicU8::new(100);
    let county = County::new(store);
    let config = Config {
        cases: 24,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let acts = prop::collection::vec(act(), 5..40);
    let outcome = runner.run(&acts, |acts| {
        let seed = SEED.fetch_add(2, Ordering::SeqCst);
        let mut world = World {
            county: &county,
            phone: Phone::enrol(&county, 0, seed),
            orders: [
                county.order(seed, OrderKind::AdHoc),
                county.order(seed + 1, OrderKind::AdHoc),
            ],
            outbox: Vec::new(),
            heard: BTreeMap::new(),
        };
        for act in &acts {
            world.act(act);
        }
        world.drain();
        for order in world.orders {
            check_path(&county, order);
        }
        Ok(())
    });
    outcome.unwrap();
    let holes = "SELECT COUNT(*) FROM devices d WHERE d.last_n <> \
                 (SELECT COUNT(*) FROM commands c WHERE c.device_id = d.id)";
    assert_eq!(county.count(holes), 0);
}
