using Microsoft.Extensions.Options;

namespace CraftKit.Edge.Configuration;

/// <summary>Holds the options against their <see cref="WithinAttribute"/> ranges; the body is generated. What one value alone cannot
/// say is in <see cref="EdgeOptionsRules"/>.</summary>
[OptionsValidator]
internal sealed partial class EdgeOptionsValidator : IValidateOptions<EdgeOptions>;
