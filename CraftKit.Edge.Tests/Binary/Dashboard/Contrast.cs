namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>Measures how texts stand out, by the formula of WCAG 2 ("contrast ratio").</summary>
internal static class Contrast
{
    /// <summary>A script that yields a line for each text that can be seen: its ratio, its colours, its beginning. Translucent colours are laid over
    /// what is behind them.</summary>
    public const string Script =
        """
        () => {
          const parse = (text) => {
            const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
            return [red, green, blue, alpha];
          };
          const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
          const behind = (node) => {
            if (node === null) return parse(getComputedStyle(document.body).backgroundColor);
            const color = parse(getComputedStyle(node).backgroundColor);
            return color[3] === 1 ? color : over(color, behind(node.parentElement));
          };
          const luminance = (color) => {
            const [red, green, blue] = color.slice(0, 3).map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
          };
          const lines = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const text = walker.currentNode.data.trim(), node = walker.currentNode.parentElement;
            if (text === '' || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
            const style = getComputedStyle(node), back = behind(node);
            const front = over(parse(node instanceof SVGElement ? style.fill : style.color), back);
            const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
            lines.push(`${((light + 0.05) / (dark + 0.05)).toFixed(2)} ${front} on ${back}: ${text.slice(0, 40)}`);
          }
          return lines;
        }
        """;
}
