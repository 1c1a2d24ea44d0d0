using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>The settings of addresses in imgproxy's form. Bound from the <c>Images:Imgproxy</c> section.</summary>
public sealed class ImgproxyOptions
{
    public const string SectionName = "Images:Imgproxy";

    /// <summary>Gets the pairs of key and salt. A signature by any of them is valid, so that they can be rotated.</summary>
    /// <value>The default is none: no signature is valid.</value>
    public IList<ImgproxyKey> Keys { get; } = [];

    /// <summary>Gets or sets the number of bytes of a signature that are compared.</summary>
    /// <value>The default is 32. Shorter ones are easier to guess.</value>
    [Range(8, 32)]
    public int SignatureSize { get; set; } = 32;

    /// <summary>Gets the presets, by name, as imgproxy writes them. The one named <c>default</c> is applied to every address.</summary>
    /// <value>Options such as <c>rs:fill:300:300/q:80</c>. The default is none.</value>
    public IDictionary<string, string> Presets { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets a value indicating whether addresses name presets in the place of options.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool OnlyPresets { get; set; }
}

/// <summary>A key and its salt.</summary>
public sealed class ImgproxyKey
{
    /// <summary>Gets or sets the key, in hexadecimal digits.</summary>
    public string Key { get; set; } = "";

    /// <summary>Gets or sets the salt, in hexadecimal digits.</summary>
    public string Salt { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class ImgproxyOptionsValidator : IValidateOptions<ImgproxyOptions>;

/// <summary>Checks the keys and the presets.</summary>
internal sealed class ImgproxyOptionsRules : IValidateOptions<ImgproxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ImgproxyOptions options)
    {
        var failures = new List<string>();
        for (var index = 0; index < options.Keys.Count; index++)
        {
            if (!IsHexadecimal(options.Keys[index].Key) || !IsHexadecimal(options.Keys[index].Salt))
            {
                failures.Add(
                    $"Images:Imgproxy:Keys:{index} has a Key or a Salt that is not in hexadecimal digits. Write both as imgproxy does.");
            }
        }

        foreach (var preset in options.Presets.Keys)
        {
            if (new ImgproxyPresets(options).Check(preset) is { } fault)
            {
                failures.Add($"Images:Imgproxy:Presets:{preset} = '{options.Presets[preset]}': {fault.Message}");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsHexadecimal(string text) => text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
}
