/** The value of the first of these theme colours (`terminal-background`) that the current theme has. */
export function themeColour(...names: readonly string[]): string | undefined {
  const style = getComputedStyle(document.documentElement);
  return names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '');
}

/** Calls `run` after the theme, or whether a screen reader or reduced motion is wanted, has changed. Gives what ends that. */
export function onThemeChange(run: () => void): () => void {
  const look = new MutationObserver(run);
  look.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  look.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => look.disconnect();
}

export function usesScreenReader(): boolean {
  return document.body.classList.contains('vscode-using-screen-reader');
}
