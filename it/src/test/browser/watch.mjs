// Opens pages in a headless Chromium and writes what their video elements do, a line for each page five times a second,
// until SIGTERM ends it.
//
//   node watch.mjs MODULES FOLDER PAGE...
//
// MODULES is a node_modules folder; what the pages ask jsDelivr for comes from there, if it has that version. In FOLDER,
// page N leaves a screenshot N.png when it has played for two seconds.
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [modules, folder, ...pages] = process.argv.slice(2);
const require = createRequire(join(modules, 'x'));
const { chromium } = require('playwright-core');

const profile = mkdtempSync(join(tmpdir(), 'xiu-browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  headless: true,
  viewport: { width: 960, height: 632 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
    // All pages play at once, also those that no window shows.
    '--disable-renderer-backgrounding', '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows'],
});
await context.route('https://cdn.jsdelivr.net/npm/**', (route) => {
  const [, name, version, path] = new URL(route.request().url()).pathname.match(/^\/npm\/([^@]+)@([^/]+)\/(.*)$/);
  const { version: tested } = require(join(modules, name, 'package.json'));
  return version === tested ? route.fulfill({ path: join(modules, name, path) }) : route.abort();
});

// What a page's video does, told by the page itself.
function look() {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 18;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.drawImage(video, 0, 0, canvas.width, canvas.height);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let light = 0;
  let hash = 17;
  for (let i = 0; i < pixels.length; i += 4) {
    light += pixels[i] + pixels[i + 1] + pixels[i + 2];
    hash = (hash * 31 + pixels[i] + pixels[i + 1] * 7 + pixels[i + 2] * 13) | 0;
  }
  return {
    millis: Math.round(video.currentTime * 1000),
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    sound: video.webkitAudioDecodedByteCount,
    light: Math.round(light / (pixels.length / 4) / 3),
    picture: hash,
    ended: video.ended,
    failure: video.error?.message ?? errors.join('; '),
  };
}

async function watch(url, number) {
  const page = await context.newPage();
  const faults = [];
  let shown = false;
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(url);
  for (;;) {
    const state = await page.evaluate(look);
    const failure = [state.failure, ...faults].filter(Boolean).join('; ').replaceAll('\n', ' ');
    console.log(`page=${number} millis=${state.millis} frames=${state.frames} sound=${state.sound} light=${state.light}`
      + ` picture=${state.picture} ended=${state.ended} failure=${failure}`);
    if (!shown && state.millis > 2000) {
      shown = true;
      await page.screenshot({ path: join(folder, `${number}.png`) });
    }
    await page.waitForTimeout(200);
  }
}

let ending = false;
async function end(code) {
  if (ending) return;
  ending = true;
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  process.exit(code);
}
process.on('SIGTERM', () => end(0));
Promise.all(pages.map(watch)).catch(async (error) => {
  if (!ending) console.error(error);
  await end(1);
});
