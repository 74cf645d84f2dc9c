// What is compared: options of `UmapReducer` (`layout`) and `HdbscanClusterer` (`cut`). Least size 30 throughout.
const LAYOUT = { neighbors: 20, dimensions: 5, minDist: 0 };
const CUT = { minClusterSize: 30, minSamples: 5, largestShare: 0.5 };

export const SETTINGS = {
  default: { layout: LAYOUT, cut: CUT },
  article: { layout: { ...LAYOUT, neighbors: 15 }, cut: { minClusterSize: 30, minSamples: 30 } },
  "15 neighbours": { layout: { ...LAYOUT, neighbors: 15 }, cut: CUT },
  "200 epochs": { layout: { ...LAYOUT, epochs: 200 }, cut: CUT },
};
