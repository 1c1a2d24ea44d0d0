using MediaAspire.Api.Limits;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Images;

/// <summary>Uploading images: <c>POST /images</c> and <c>/images/backgrounded</c>.</summary>
internal static class UploadEndpoints
{
    private static readonly string[] s_parameters =
    [
        "owner", "max_width", "max_height", "max_area", "max_frame_count", "max_file_size", "allow_image", "allow_animation",
        "allow_video",
    ];

    public static void MapUploads(this RouteGroupBuilder images)
    {
        images.MapPost("/", Upload).WithName("UploadImages").RequireAuthorization(Policies.ImagesWrite).LimitTransfers()
            .WithSummary("Upload images from a form, and wait for them")
            .AddOpenApiOperationTransformer((operation, _, _) => Describe(operation))
            .Produces<UploadedResponse>(StatusCodes.Status201Created).Produces<BackgroundedResponse>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 413, 422, 503);
        images.MapPost("/backgrounded", UploadInBackground).WithName("UploadImagesInBackground")
            .RequireAuthorization(Policies.ImagesWrite).LimitTransfers()
            .WithSummary("Upload images from a form, and claim them later")
            .AddOpenApiOperationTransformer((operation, _, _) => Describe(operation))
            .Produces<BackgroundedResponse>(StatusCodes.Status202Accepted).ProducesProblems(400, 413, 503);
        images.MapGet("/backgrounded/claim", Claim).WithName("ClaimImage").RequireAuthorization(Policies.ImagesWrite)
            .WithSummary("Claim the image of an upload, once; 204 while it is being made")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Parameters = [Parameter("upload_id")];
                return Task.CompletedTask;
            })
            .Produces<UploadedResponse>().Produces(StatusCodes.Status204NoContent).ProducesProblems(400, 404, 422);
    }

    private static Task<IResult> Upload(HttpContext http, UploadFlow flow, CancellationToken cancellationToken) =>
        ReceiveAsync(http, flow, flow.FinishAsync, cancellationToken);

    private static Task<IResult> UploadInBackground(HttpContext http, UploadFlow flow, CancellationToken cancellationToken) =>
        ReceiveAsync(
            http, flow, (_, uploads, _) => Task.FromResult<IResult>(UploadFlow.Accepted(uploads)), cancellationToken);

    private static async Task<IResult> ReceiveAsync(
        HttpContext http,
        UploadFlow flow,
        Func<Caller, IReadOnlyList<ImageUploadId>, CancellationToken, Task<IResult>> finish,
        CancellationToken cancellationToken)
    {
        var query = new ImageQuery(http.Request.Query).Allow(s_parameters);
        var (wishes, owner) = (query.Wishes(), query.Text("owner"));
        return query.Problem ?? await flow.ReceiveAsync(http, owner, wishes, finish, cancellationToken);
    }

    private static async Task<IResult> Claim(
        HttpContext http,
        ImageUploads uploads,
        UploadFlow flow,
        IOptionsMonitor<ImageUploadOptions> options,
        CancellationToken cancellationToken)
    {
        var query = new ImageQuery(http.Request.Query).Allow("upload_id");
        var text = query.Text("upload_id");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (!ImageUploadId.TryParse(text, out var id))
        {
            return ImageErrors.InvalidUploadId(text);
        }

        http.Response.Headers.CacheControl = "no-store";
        return await uploads.WaitAsync(id, options.CurrentValue.ClaimLimit, cancellationToken) is null
            ? TypedResults.NoContent()
            : await flow.ClaimAsync(http.GetCaller(), id, cancellationToken);
    }

    private static Task Describe(OpenApiOperation operation)
    {
        operation.Parameters = [.. s_parameters.Select(Parameter)];
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "images[]" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["images[]"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                        },
                    },
                },
            },
        };
        return Task.CompletedTask;
    }

    private static IOpenApiParameter Parameter(string name) => new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Query,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
