using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>The pages of other sites that may upload. Bound from the <c>Uploads:Cors</c> section.</summary>
internal sealed class CrossOriginOptions
{
    public const string SectionName = "Uploads:Cors";

    /// <summary>The origin that stands for all.</summary>
    public const string Any = "*";

    /// <summary>Gets the origins whose pages may upload with a key or a signed address.</summary>
    /// <value>Such as <c>https://app.example.com</c>, or <c>*</c> for all. The default is none.</value>
    public IList<string> Origins { get; } = [];

    /// <summary>Gets or sets the time for which a browser may keep the answer to its preflight request.</summary>
    /// <value>The default is 2 hours, the most that Chromium uses.</value>
    [System.ComponentModel.DataAnnotations.Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(2);
}

[OptionsValidator]
internal sealed partial class CrossOriginOptionsValidator : IValidateOptions<CrossOriginOptions>;

/// <summary>Checks that each origin is one as browsers send it.</summary>
internal sealed class CrossOriginOptionsRules : IValidateOptions<CrossOriginOptions>
{
    public ValidateOptionsResult Validate(string? name, CrossOriginOptions options)
    {
        var wrong = options.Origins.Where(origin => origin != CrossOriginOptions.Any && !IsOrigin(origin)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(origin =>
                $"{CrossOriginOptions.SectionName}:{nameof(options.Origins)}: '{origin}' is not an origin. Write scheme, host and port "
                + "only, in lower case, such as https://app.example.com, or * for all."));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && text == $"{uri.Scheme}://{uri.Authority}";
}
