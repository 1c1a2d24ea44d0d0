namespace MediaAspire.Api.Images;

/// <summary>Describes <see cref="BlobDownload"/> in the reference.</summary>
internal static class BlobDescriptions
{
    /// <summary>Adds the statuses of the bytes of a blob: whole, a range of them, or not modified.</summary>
    public static RouteHandlerBuilder ProducesBlob(this RouteHandlerBuilder route) => route
        .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status206PartialContent).Produces(StatusCodes.Status304NotModified);
}
