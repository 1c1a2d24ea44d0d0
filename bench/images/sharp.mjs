// The limit: sharp alone, in one process that is warm. Arguments: make DIRECTORY COUNT, or time DIRECTORY.
// Without "fastShrinkOnLoad" both have the same work: the decoder leaves a factor of two to the filter, as vips_thumbnail() does.
// "make" draws photographs of 12 megapixels. "time" makes a WebP of 320 pixels of each, one after the other, and prints the times as JSON.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const [, , command, directory, count] = process.argv;

// Smooth colours, edges and grain, so that decoders and encoders have as much to do as for a photograph.
async function draw(path, seed) {
  const [width, height] = [4000, 3000];
  const circles = Array.from({ length: 60 }, (_, i) => {
    const random = (n) => Math.abs(Math.sin(seed * 131 + i * 17 + n * 7.3)) % 1;
    const colour = [1, 2, 3].map((n) => Math.floor(random(n) * 255)).join(",");
    return `<circle cx="${random(4) * width}" cy="${random(5) * height}" r="${50 + random(6) * 700}" fill="rgb(${colour})" opacity="0.6"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x2="1" y2="1">
    <stop offset="0" stop-color="#f6d365"/><stop offset="1" stop-color="#243b55"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#g)"/>${circles.join("")}</svg>`;
  const grain = { create: { width, height, channels: 3, noise: { type: "gaussian", mean: 128, sigma: 12 }, background: "#808080" } };
  const noise = await sharp(grain).png({ compressionLevel: 1 }).toBuffer();
  await sharp(Buffer.from(svg)).removeAlpha().composite([{ input: noise, blend: "soft-light" }]).jpeg({ quality: 88 }).toFile(path);
}

if (command === "make") {
  for (let i = 0; i < Number(count); i++) {
    await draw(join(directory, `${i}.jpg`), i + 1);
  }
} else {
  const files = readdirSync(directory).filter((name) => name.endsWith(".jpg")).sort();
  const make = (name) => sharp(join(directory, name)).rotate()
    .resize(320, 320, { fit: "inside", fastShrinkOnLoad: false }).webp({ quality: 80, effort: 4 })
    .toFile(join(directory, `${name}.webp`));
  await make(files[0]);
  const times = [];
  for (const name of files) {
    const from = performance.now();
    await make(name);
    times.push((performance.now() - from) / 1000);
  }
  console.log(JSON.stringify(times));
}
