namespace MediaAspire.Core.Images;

/// <summary>The names of the stores in the database and in requests.</summary>
public static class StoreNames
{
    public static string Of(ImageStore store) => store == ImageStore.S3 ? "s3" : "chunks";

    /// <exception cref="FormatException">The name is not one of a store.</exception>
    public static ImageStore Parse(string name) => TryParse(name, out var store)
        ? store
        : throw new FormatException($"'{name}' is not a store of images.");

    public static bool TryParse(string? name, out ImageStore store)
    {
        store = name == "s3" ? ImageStore.S3 : ImageStore.Chunks;
        return name is "s3" or "chunks";
    }
}
