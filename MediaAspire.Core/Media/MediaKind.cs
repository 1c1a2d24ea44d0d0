namespace MediaAspire.Core.Media;

/// <summary>The kinds of media. The database and the API have the names of <see cref="MediaKinds"/>.</summary>
public enum MediaKind
{
    Simple,
    Image,
    Background,
    Model,
    Text,
    Pdf,
    PanoEquirect,
    PanoCubemap,
    GlbExtended,
    Zip,
    Pkpass,
    Video,
}
