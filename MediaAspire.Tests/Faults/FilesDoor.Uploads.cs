using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Files;

namespace MediaAspire.Tests.Faults;

/// <summary>Uploads of files through <c>/files</c>.</summary>
internal sealed partial class FilesDoor
{
    public async Task<DoorOperation?> StoreAsync(Random random)
    {
        var plan = UploadPlan.Draw(random, CampaignOptions.MaxFileBytes);
        var number = numbers.Next();
        var bytes = CampaignBytes.Make(number, 0, plan.Size);
        var file = new CampaignFile(number, plan.Size, CampaignBytes.Sha256(bytes));
        model.Add(file);

        string outcome;
        try
        {
            using var request = plan.Request(file, bytes);
            using var response = await _http.SendAsync(request);
            outcome = await TakeAnswerAsync(plan, file, response);
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            if (plan.IsTruncated)
            {
                file.Refuse();
                outcome = "truncated";
            }
            else
            {
                file.Lose();
                outcome = DoorOperation.Lost;
            }
        }

        return new("upload", outcome, $"{plan} {file}");
    }

    private static async Task<string> TakeAnswerAsync(UploadPlan plan, CampaignFile file, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status == 201)
        {
            var stored = (await response.Content.ReadFromJsonAsync<FileResponse>())!;
            if (plan.IsTruncated || plan.HasWrongHash || stored.Size != file.Size || stored.Sha256 != file.Sha256)
            {
                throw new CampaignViolationException(
                    $"The upload {plan} of {file} with the hash {file.Sha256} was acknowledged as {stored}.");
            }

            file.Acknowledge(stored.FileId);
            return "stored";
        }

        var body = await response.Content.ReadAsStringAsync();
        var code = CodeOf(body);
        switch (status, code)
        {
            case (422, "checksum-mismatch") when plan.HasWrongHash:
            case (400, _) when plan.IsTruncated:
            case (503, "not-enough-servers" or "copies-failed"):
            case (409, "upload-session-lost"):
                file.Refuse();
                break;
            case (503, _):
                file.Lose();
                break;
            default:
                throw new CampaignViolationException($"The upload {plan} of {file} was answered with {status}: {body}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{status} {code}");
    }

    private static string CodeOf(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.GetProperty("code").GetString()!;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException)
        {
            throw new CampaignViolationException($"An error response has no problem document: {body}");
        }
    }
}
