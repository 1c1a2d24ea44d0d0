using MediaAspire.Api.Ownership;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Images;

/// <summary>Uploading images that the platform fetches from other servers: <c>POST /images/from-url</c>.</summary>
internal static class UrlUploadEndpoints
{
    private static readonly string[] s_parameters =
    [
        "backgrounded", "owner", "max_width", "max_height", "max_area", "max_frame_count", "max_file_size", "allow_image",
        "allow_animation", "allow_video",
    ];

    public static void MapUrlUploads(this RouteGroupBuilder images) =>
        images.MapPost("/from-url", Upload).WithName("UploadImageFromUrl").RequireAuthorization(Policies.ImagesWrite)
            .WithSummary("Fetch an image from an address and keep it; ?backgrounded to claim it later")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Parameters =
                [
                    .. s_parameters.Select(name => new OpenApiParameter
                    {
                        Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    }),
                ];
                return Task.CompletedTask;
            })
            .Produces<UploadedResponse>(StatusCodes.Status201Created).Produces<BackgroundedResponse>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 413, 422, 503);

    private static async Task<IResult> Upload(
        HttpContext http,
        UrlUploadRequest request,
        UrlUploads uploads,
        ImageUploads results,
        UploadFlow flow,
        OwnerSelector owners,
        UrlRules urls,
        IOptionsMonitor<ImageOptions> options,
        CancellationToken cancellationToken)
    {
        var query = new ImageQuery(http.Request.Query).Allow(s_parameters);
        var (wishes, owner, isBackgrounded) = (query.Wishes(), query.Text("owner"), query.Flag("backgrounded", fallback: false));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (options.CurrentValue.ReadOnly)
        {
            return ImageErrors.ReadOnly();
        }

        if (urls.Read(request.Url ?? "", out var url) is { } refusal)
        {
            return ProxyErrors.Of(refusal);
        }

        var sender = http.GetCaller();
        var selected = await owners.SelectForWriteAsync(sender, owner, leastBytes: 1, objects: 1, cancellationToken);
        if (selected.Problem is not null)
        {
            return selected.Problem;
        }

        var upload = await uploads.AddAsync(selected.Owner, wishes, url, cancellationToken);
        if (await uploads.EnqueueAsync(upload, cancellationToken) == EnqueueOutcome.Full)
        {
            await results.RemoveAsync([upload], cancellationToken);
            return ImageErrors.QueueFull();
        }

        return isBackgrounded ? UploadFlow.Accepted([upload]) : await flow.FinishAsync(sender, [upload], cancellationToken);
    }
}

/// <summary>An image to fetch.</summary>
/// <param name="Url">Its address, absolute, with http or https.</param>
public sealed record UrlUploadRequest(string? Url);
