/** Loads a further bundle of the page, which lies beside the first and is not needed at once. `M`: its module. */
export async function later<M>(file: string): Promise<M> {
  const { folder = '' } = document.documentElement.dataset;
  return await import(new URL(file, new URL(folder, document.baseURI)).href) as M;
}
