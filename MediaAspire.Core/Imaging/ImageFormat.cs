namespace MediaAspire.Core.Imaging;

/// <summary>
/// The formats of pictures, animations and videos that the platform reads; the database stores their names in lower case.
/// </summary>
public enum ImageFormat
{
    Apng,
    Avif,
    Gif,

    /// <summary>Read only.</summary>
    Heic,
    Jpeg,
    Jxl,
    Png,

    /// <summary>Read only.</summary>
    Tiff,
    Webp,
    Mp4,
    Webm,

    /// <summary>A video in a container of QuickTime; read only.</summary>
    Mov,
}
