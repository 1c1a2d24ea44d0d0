using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>The settings of signed upload addresses. Bound from the <c>Uploads:Signing</c> section.</summary>
internal sealed class UploadSigningOptions
{
    public const string SectionName = "Uploads:Signing";

    /// <summary>Gets or sets the time for which an address is valid when its request names none.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan DefaultLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the longest time for which an address can be made valid.</summary>
    /// <value>The default is 1 day, the most: for so long the record of a finished upload keeps its address from a second one.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Reads the time for which an address is to be valid.</summary>
    /// <param name="seconds">The wanted time; <see langword="null"/> for the default.</param>
    /// <returns>The time; <see langword="null"/> when it is shorter than a second or too long.</returns>
    public TimeSpan? LifetimeOf(double? seconds)
    {
        var lifetime = seconds is { } given ? TimeSpan.FromSeconds(Math.Clamp(given, 0, int.MaxValue)) : DefaultLifetime;
        return lifetime < TimeSpan.FromSeconds(1) || lifetime > MaxLifetime ? null : lifetime;
    }
}

[OptionsValidator]
internal sealed partial class UploadSigningOptionsValidator : IValidateOptions<UploadSigningOptions>;

/// <summary>Checks that the default lifetime is allowed.</summary>
internal sealed class UploadSigningOptionsRules : IValidateOptions<UploadSigningOptions>
{
    public ValidateOptionsResult Validate(string? name, UploadSigningOptions options) => options.DefaultLifetime <= options.MaxLifetime
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Uploads:Signing:DefaultLifetime is longer than Uploads:Signing:MaxLifetime. Shorten it.");
}
