//! One generated picture: a label before a meter box, spoilt in one way (or several) at a level from 0
//! (easy) to 4 (beyond what a person would accept). A pure function of seed, kind, level, number and
//! frame.

use crate::camera::{Pose, View};
use crate::canvas::meter_box;
use crate::defects::{Defects, Spot};
use crate::label::Label;
use crate::random::Random;

/// Ways of spoiling a picture, in the order of the table.
pub const KINDS: [&str; 15] = [
    "clean", "small", "tilt", "blur", "shake", "weak", "noise", "glare", "dirt", "bent", "jpeg",
    "shadow", "print", "mixed", "empty",
];

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Order {
    pub seed: u64,
    pub kind: usize,
    pub level: usize,
    pub number: usize,
    /// 0 is the still; further frames are the same label in the same hand.
    pub frame: usize,
    pub width: usize,
    pub height: usize,
}

pub struct Picture {
    pub bytes: Vec<u8>,
    /// `None` on empty pictures.
    pub payload: Option<Vec<u8>>,
    pub version: usize,
}

/// Lowest and highest value per level.
type Levels = [(f32, f32); 5];
const SMALL: Levels = [(3.2, 3.8), (2.7, 3.1), (2.3, 2.6), (2.0, 2.2), (1.7, 1.9)];
const TILT: Levels = [(15., 25.), (30., 38.), (42., 48.), (52., 57.), (60., 64.)];
const BLUR: Levels = [
    (0.25, 0.35),
    (0.4, 0.5),
    (0.55, 0.65),
    (0.7, 0.8),
    (0.85, 0.95),
];
const SHAKE: Levels = [(0.5, 0.7), (0.9, 1.1), (1.3, 1.5), (1.7, 1.9), (2.1, 2.4)];
const CONTRAST: Levels = [
    (0.5, 0.6),
    (0.32, 0.4),
    (0.2, 0.26),
    (0.12, 0.15),
    (0.07, 0.09),
];
const NOISE: Levels = [(6., 9.), (12., 16.), (20., 25.), (30., 36.), (42., 50.)];
const GLARE: Levels = [
    (0.03, 0.05),
    (0.07, 0.1),
    (0.12, 0.16),
    (0.18, 0.23),
    (0.26, 0.32),
];
const DIRT: Levels = [
    (0.015, 0.025),
    (0.035, 0.045),
    (0.055, 0.065),
    (0.075, 0.085),
    (0.1, 0.12),
];
const ARC: Levels = [
    (40., 55.),
    (70., 85.),
    (95., 110.),
    (120., 130.),
    (140., 150.),
];
const QUALITY: Levels = [(45., 55.), (25., 32.), (16., 20.), (10., 13.), (6., 8.)];
const SHADOW: Levels = [
    (0.55, 0.65),
    (0.38, 0.45),
    (0.25, 0.3),
    (0.16, 0.2),
    (0.09, 0.12),
];
const SPREAD: Levels = [
    (0.04, 0.08),
    (0.1, 0.14),
    (0.16, 0.2),
    (0.22, 0.25),
    (0.27, 0.3),
];

/// Everything that is drawn by lot before anything is painted.
struct Draft {
    label: Label,
    pose: Pose,
    defects: Defects,
    dirt: f32,
}

impl Draft {
    fn of(order: &Order, random: &mut Random) -> Self {
        let unit = order.width as f32 / 1280.0;
        let direction = random.share() * std::f32::consts::TAU;
        let roll: f32 = if random.chance(0.35) {
            random.between((-180., 180.))
        } else {
            random.between((-15., 15.))
        };
        let mut draft = Self {
            label: Label::random(random),
            pose: Pose {
                module: random.between((4.0, 6.0)) * unit,
                tilt: random.between((0., 12.)).to_radians(),
                direction,
                roll: roll.to_radians(),
                arc: 0.0,
                middle: (0.0, 0.0),
                focal: 0.86 * order.width as f32,
            },
            defects: Defects {
                blur: random.between((0.12, 0.22)),
                shake: 0.0,
                contrast: random.between((0.7, 1.0)),
                light: random.between((0.75, 1.0)),
                shadow: 1.0,
                glare: 0.0,
                noise: random.between((1.5, 4.0)),
                quality: random.between((80., 92.)),
            },
            dirt: 0.0,
        };
        match KINDS[order.kind] {
            "clean" | "empty" => draft.pose.module = random.between((3.0, 8.0)) * unit,
            "mixed" => draft.mix(order.level, unit, random),
            kind => draft.spoil(kind, order.level, unit, random),
        }
        draft
    }

    /// Two defects one level below, two of them two levels below.
    fn mix(&mut self, level: usize, unit: f32, random: &mut Random) {
        let mut kinds: Vec<usize> = (1..13).collect();
        for i in 0..4 {
            let kind = kinds.swap_remove(random.below(kinds.len()));
            let milder = if i < 2 { 1 } else { 2 };
            self.spoil(KINDS[kind], level.saturating_sub(milder), unit, random);
        }
        if self.defects.blur > 0.3 {
            self.defects.shake *= 0.5;
        }
    }

    fn spoil(&mut self, kind: &str, level: usize, unit: f32, random: &mut Random) {
        let mut pick = |levels: Levels| random.between(levels[level]);
        match kind {
            "small" => self.pose.module = pick(SMALL) * unit,
            "tilt" => self.pose.tilt = pick(TILT).to_radians(),
            "blur" => self.defects.blur = pick(BLUR),
            "shake" => self.defects.shake = pick(SHAKE),
            "weak" => {
                self.defects.contrast = pick(CONTRAST);
                self.defects.light = random.between((0.35, 0.8));
            }
            "noise" => self.defects.noise = pick(NOISE),
            "glare" => self.defects.glare = pick(GLARE),
            "dirt" => self.dirt = pick(DIRT),
            "bent" => self.pose.arc = pick(ARC).to_radians(),
            "jpeg" => self.defects.quality = pick(QUALITY),
            "shadow" => self.defects.shadow = pick(SHADOW),
            _ => {
                let spread = pick(SPREAD) * if random.chance(0.6) { 1.0 } else { -1.0 };
                let streaks = 1 + random.below(1 + 2 * level);
                let quiet = 4.0 - random.below(1 + level.min(3)) as f32;
                self.label.printed(spread, streaks, quiet, random);
            }
        }
    }

    /// A hand does not hold still between frames.
    fn jitter(&mut self, random: &mut Random) {
        self.pose.tilt = (self.pose.tilt + random.normal() * 0.05).max(0.0);
        self.pose.direction += random.normal() * 0.1;
        self.pose.roll += random.normal() * 0.035;
        self.pose.middle.0 += random.normal() * 12.0;
        self.pose.middle.1 += random.normal() * 12.0;
        self.pose.module *= (random.normal() * 0.03).exp();
        self.defects.blur *= (random.normal() * 0.2).exp();
        self.defects.shake *= (random.normal() * 0.4).exp();
    }
}

/// Draws a picture.
pub fn draw(order: &Order) -> Picture {
    let keys = [
        order.seed,
        order.kind as u64,
        order.level as u64,
        order.number as u64,
    ];
    let keyed = |salt: u64| Random::of(&[keys[0], keys[1], keys[2], keys[3], salt]);
    let mut random = keyed(1);
    let mut draft = Draft::of(order, &mut random);
    let size = draft.label.size as f32;
    draft.pose.module = draft.pose.module.min(0.44 * order.width as f32 / size);
    let reach = size * draft.pose.module * 0.75 + 12.0;
    let mut place = |side: usize| {
        let (low, high) = (
            reach.min(side as f32 / 2.0 - 1.0),
            (side as f32 - reach).max(side as f32 / 2.0 + 1.0),
        );
        random.between((low, high))
    };
    draft.pose.middle = (place(order.width), place(order.height));
    if order.frame > 0 {
        draft.jitter(&mut keyed(100 + order.frame as u64));
    }
    let is_empty = KINDS[order.kind] == "empty";
    let mut canvas = meter_box(order.width, order.height, &mut keyed(2));
    draft.label.soiled(draft.dirt, &mut keyed(3));
    if !is_empty {
        View::of(&draft.pose, draft.label.size).paint(&mut canvas, &draft.label);
    }
    let spot = Spot {
        middle: draft.pose.middle,
        side: size * draft.pose.module,
        module: draft.pose.module,
    };
    let bytes = draft.defects.apply(
        &mut canvas,
        &spot,
        &mut keyed(4 + 1_000 * order.frame as u64),
    );
    Picture {
        bytes,
        payload: (!is_empty).then_some(draft.label.payload),
        version: draft.label.version,
    }
}
