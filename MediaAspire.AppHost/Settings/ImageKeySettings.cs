namespace MediaAspire.AppHost.Settings;

/// <summary>The settings that hold secrets by which addresses of images are signed.</summary>
internal static class ImageKeySettings
{
    public const string Signing = "Images:Signing:Keys";

    /// <summary>Gets the sections.</summary>
    public static IReadOnlyList<string> Sections { get; } = [Signing, "Images:Imgproxy:Keys"];

    /// <summary>Determines whether a setting is one of the secrets.</summary>
    public static bool Has(string setting) =>
        Sections.Any(section => setting.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));
}
