import bau.client.ApiClient;
import bau.client.ApiException;
import bau.client.api.AccessApi;
import bau.client.api.NoticesApi;
import bau.client.model.NewNotice;
import bau.client.model.NewNotices;
import bau.client.model.Notice;
import bau.client.model.NoticesReport;
import java.time.LocalDate;
import java.util.List;

/** The first things a payroll program does, with the generated client. */
public final class Main {
    private Main() {}

    /** Arguments: address of the API, key, number of the contract. */
    public static void main(String[] arguments) throws ApiException {
        ApiClient client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        client.setRequestInterceptor(
            request -> request.header("Authorization", "Bearer " + arguments[1]));

        var me = new AccessApi(client).getMe(AccessApi.APIGetMeRequest.newBuilder().build());
        System.out.println("me " + me.getName() + " " + me.getContracts());

        NoticesApi notices = new NoticesApi(client);
        NoticesReport report = notices.sendNotices(
            NoticesApi.APISendNoticesRequest.newBuilder()
                .dryRun(true)
                .newNotices(makeNotices(arguments[2], me.getToday()))
                .build());
        report.getResults().forEach(
            result -> System.out.println("would " + result.getStatus() + " " + result.getPremiumChange()));

        for (Notice notice : notices.listNotices(
                NoticesApi.APIListNoticesRequest.newBuilder().limit(2).build()).getItems()) {
            System.out.println("notice " + notice.getKind() + " " + notice.getPersonnelNumber());
        }
        try {
            notices.getNotice(
                NoticesApi.APIGetNoticeRequest.newBuilder().noticeId("nobody's").build());
        } catch (ApiException error) {
            System.out.println("refused " + error.getCode());
        }
    }

    private static NewNotices makeNotices(String contract, LocalDate today) {
        NewNotice notice = new NewNotice()
            .kind(NewNotice.KindEnum.JOIN)
            .personnelNumber("2001")
            .effective(today)
            .pay("3200.00")
            .firstName("Clara")
            .lastName("Engel")
            .birthDate(LocalDate.of(1990, 5, 17));
        return new NewNotices().contract(contract).notices(List.of(notice));
    }
}
