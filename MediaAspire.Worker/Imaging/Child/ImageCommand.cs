using System.Threading.Channels;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Protocol;
using Microsoft.Win32.SafeHandles;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>The <c>image</c> command: reads requests from stdin and writes responses to stdout. docs/formats/image-process.md.</summary>
internal static class ImageCommand
{
    public const string Name = "image";

    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <param name="memoryBytes">The memory that pictures may take.</param>
    public static async Task<int> RunAsync(long memoryBytes)
    {
        var output = TakeStandardOutput();
        await using (output)
        {
            var hello = VipsLibrary.Load();
            WarmUp(hello);
            OwnMemory.Bound(memoryBytes);
            hello = hello with { HasFiles = Reach.HasFiles(), HasNetwork = Reach.HasNetwork() };
            await ProcessFrames.WriteAsync(output, hello, ProcessJson.Default.ProcessHello, CancellationToken.None);
            if (hello.Version.Length == 0)
            {
                return 1;
            }

            await foreach (var request in ReadRequests().ReadAllAsync())
            {
                await ProcessFrames.WriteAsync(
                    output, Respond(hello, request), ProcessJson.Default.ProcessResponse, CancellationToken.None);

                // The pixels of each step are freed when their wrappers are finalized. The collector does not see how large they are, and
                // its own heap is too small to need it. The parent has its response and does not wait for this.
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        return 0;
    }

    // A library that prints would damage the responses, so what is printed goes to stderr.
    private static FileStream TakeStandardOutput()
    {
        var descriptor = NativeCalls.Duplicate(StandardOutput);
        if (descriptor < 0 || NativeCalls.Replace(StandardError, StandardOutput) < 0)
        {
            throw new IOException("stdout could not be duplicated.");
        }

        return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    // The first picture after the start should not wait for the compiler.
    private static void WarmUp(ProcessHello hello)
    {
        if (!hello.Writes.Contains(ImageFormat.Jpeg) || !hello.Writes.Contains(ImageFormat.Webp))
        {
            return;
        }

        var source = Path.Combine(Path.GetTempPath(), $"{Environment.ProcessId}.jpg");
        var destination = Path.ChangeExtension(source, ".webp");
        try
        {
            Image.Black(64, 48, bands: 3).Copy(interpretation: Enums.Interpretation.Srgb).Jpegsave(source);

            var request = new ProcessRequest(source, ImageFormat.Jpeg, new ImageLimits());
            RequestHandler.Handle(request);
            RequestHandler.Handle(request with
            {
                Destination = destination,
                Variant = new ImageRequest([new ImageStep.Resize(16)], ImageFormat.Webp),
            });
        }
        finally
        {
            File.Delete(source);
            File.Delete(destination);
        }
    }

    // On a thread of its own, so that the end of the parent ends this process in the middle of a request too.
    private static ChannelReader<ProcessRequest> ReadRequests()
    {
        var requests = Channel.CreateBounded<ProcessRequest>(1);
        var reader = new Thread(() =>
        {
            var input = Console.OpenStandardInput();
            while (true)
            {
                // The stream is synchronous: nothing is awaited.
                var request = ProcessFrames.ReadAsync(input, ProcessJson.Default.ProcessRequest, CancellationToken.None)
                    .AsTask().GetAwaiter().GetResult();
                if (request is null)
                {
                    NativeCalls.Exit(0);
                    return;
                }

                requests.Writer.WriteAsync(request).AsTask().GetAwaiter().GetResult();
            }
        })
        {
            IsBackground = true,
            Name = "requests",
        };
        reader.Start();
        return requests.Reader;
    }

    private static ProcessResponse Respond(ProcessHello hello, ProcessRequest request)
    {
        if (!hello.Reads.Contains(request.Format))
        {
            return Missing(request.Format, "read");
        }

        if (request.Variant is { } variant && variant.Format != ImageFormat.Apng && !hello.Writes.Contains(variant.Format))
        {
            return Missing(variant.Format, "write");
        }

        VipsLibrary.ClearErrors();
        try
        {
            return RequestHandler.Handle(request);
        }
        catch (VipsException exception)
        {
            return VipsErrors.Respond(exception, request);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ProcessResponse { Fault = exception.Message };
        }

        ProcessResponse Missing(ImageFormat format, string verb) => new()
        {
            Fault = $"libvips {hello.Version} cannot {verb} '{ImageFormats.ExtensionOf(format)}'. Install the package libvips42.",
            IsToolMissing = true,
        };
    }
}
